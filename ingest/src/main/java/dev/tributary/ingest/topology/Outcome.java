package dev.tributary.ingest.topology;

import dev.tributary.ingest.topology.state.SourceRecord;
import java.util.List;

/**
 * What a step made of a record: a value for the next step, or a dead letter.
 *
 * @param <T> what the step makes
 */
sealed interface Outcome<T> {

  /**
   * @param source the input record it was made from
   */
  record Accepted<T>(T value, SourceRecord source) implements Outcome<T> {}

  record Rejected<T>(DeadLetter deadLetter) implements Outcome<T> {}

  /** The accepted value as a list of one, else none. */
  default List<Accepted<T>> accepted() {
    return this instanceof Accepted<T> accepted ? List.of(accepted) : List.of();
  }

  /** The dead letter as a list of one, else none. */
  default List<DeadLetter> deadLetters() {
    return this instanceof Rejected<T>(DeadLetter deadLetter) ? List.of(deadLetter) : List.of();
  }
}
