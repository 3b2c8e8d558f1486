package dev.tributary.trainer.loop;

import dev.tributary.trainer.learn.AdapterLearner;

/** Where a job leaves its bytes before they are named by a transaction. */
interface Artifacts {

  /**
   * Stores a checkpoint.
   *
   * @return its content hash
   * @throws dev.tributary.foundation.error.RetriableException if the store is full or fails
   */
  String put(byte[] checkpoint);

  /**
   * Exports a learner's weights as a directory that other tools can load, and stores it.
   *
   * @return the content hash of the directory
   * @throws dev.tributary.foundation.error.RetriableException if the store is full or fails
   */
  String export(AdapterLearner learner);
}
