package dev.tributary.trainer.loop;

import java.io.IOException;

/** Makes the learners of all adapters on one resident base model. */
interface Learners extends AutoCloseable {

  /** An untrained adapter; the same seed gives the same one. */
  AdapterLearner fresh(long seed);

  /**
   * Goes on where {@link AdapterLearner#write} stopped.
   *
   * @throws IOException if the bytes are no such state
   * @throws dev.tributary.foundation.error.ConfigException if the state does not go with the
   *     configured adapter method
   */
  AdapterLearner restore(byte[] state) throws IOException;

  /** Name of the base model. */
  String baseModel();

  /** Fingerprint of its weights. */
  String baseModelHash();

  /** Frees what the learners share; none may be used afterwards. */
  @Override
  void close();
}
