package dev.tributary.evaluator.suite;

import dev.tributary.schemas.TrainingExample;
import java.util.SplittableRandom;

/**
 * An example that models are compared on, and where it stands in its topic, which says what arrived
 * before what without any clock.
 *
 * @param example it has a completion
 * @param partition of {@code tributary.heldout} or {@code tributary.examples}; -1 for a question of
 *     the base model's own
 * @param offset in that partition
 */
public record SuiteRecord(TrainingExample example, int partition, long offset) {

  public String id() {
    return example.getExampleId();
  }

  /** A random number that follows from its id and the seed: the smallest make a fair sample. */
  public long lot(long seed) {
    return new SplittableRandom(seed ^ id().hashCode()).nextLong();
  }
}
