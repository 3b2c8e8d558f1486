package dev.tributary.evaluator.suite;

import dev.tributary.schemas.TrainingExample;

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
}
