/** From records to micro-batches, whose boundaries depend on the log alone. */
package dev.tributary.trainer.pack;
