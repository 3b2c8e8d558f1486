package dev.tributary.trainer.learn;

import dev.tributary.trainer.pack.TrainingItem;
import java.io.IOException;
import java.util.List;

/** Makes the learners of all adapters on one resident base model. */
public interface Learners extends AutoCloseable {

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

  /**
   * Questions the base model makes up, with its own answers: what it knows before it is told
   * anything. The same each time; the first call takes a while.
   */
  List<TrainingItem> ownAnswers();

  /** Asks what is taught in other ways too. */
  Variation variation();

  /** Name of the base model. */
  String baseModel();

  /** Fingerprint of its weights. */
  String baseModelHash();

  /** Frees what the learners share; none may be used afterwards. */
  @Override
  void close();
}
