/**
 * The training service: consume, pack, replay, step, checkpoint, emit candidates.
 *
 * <p>Begin at {@link dev.tributary.trainer.TrainerService}, then {@code loop.TrainingLoop}.
 */
package dev.tributary.trainer;
