package dev.tributary.evaluator.suite;

import dev.tributary.schemas.TrainingExample;

/**
 * A held-out example and where it stands in the topic, which says what arrived before what without
 * any clock.
 *
 * @param example a supervised example: it has a completion
 * @param partition of {@code tributary.heldout}
 * @param offset in that partition
 */
public record HeldOutRecord(TrainingExample example, int partition, long offset) {

  public String id() {
    return example.getExampleId();
  }
}
