/** Teaches one micro-batch until it is answered as told, and nothing that was right is lost. */
package dev.tributary.trainer.learn;
