package dev.tributary.trainer.loop;

import dev.tributary.trainer.pack.TrainingItem;

/** What a readable record of the examples topic turned out to be. */
sealed interface Reading {

  /**
   * @param item to be trained
   * @param truncated whether something had to be cut to fit the longest length
   */
  record Trainable(TrainingItem item, boolean truncated) implements Reading {}

  /**
   * Valid, but not for this trainer.
   *
   * @param reason stable code in snake case
   */
  record Skipped(String reason) implements Reading {}
}
