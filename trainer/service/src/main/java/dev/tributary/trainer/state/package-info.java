/**
 * Bounded binary reading and writing, and randomness that can be saved: what a checkpoint is made
 * of.
 */
package dev.tributary.trainer.state;
