/** The training loop: one thread that talks to Kafka, one that trains. */
package dev.tributary.trainer.loop;
