/** Weights, optimiser, randomness, replay buffer and input offsets, moved as one unit. */
package dev.tributary.trainer.checkpoint;
