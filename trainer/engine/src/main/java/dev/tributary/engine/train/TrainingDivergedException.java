package dev.tributary.engine.train;

import java.util.List;

/**
 * A loss, gradient or weight that is not a number or infinite. With a loss or gradient the step did
 * not happen: weights, moments and step number are what they were. With weights it did, and what
 * was trained is of no further use: go back to the last checkpoint.
 */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final String FIX = "Lower the learning rate, or look for damaged weights";

  private final long step;
  private final List<Integer> sequences;

  private TrainingDivergedException(long step, String what, List<Integer> sequences) {
    super("step %d: %s. %s".formatted(step, what, FIX));
    this.step = step;
    this.sequences = List.copyOf(sequences);
  }

  /**
   * Before the update.
   *
   * @param sequences places in the batch, from 0, of the sequences whose loss is not finite
   */
  static TrainingDivergedException loss(long step, double value, List<Integer> sequences) {
    return new TrainingDivergedException(
        step,
        "the loss is %s, because of sequences %s of the batch; nothing was updated"
            .formatted(value, sequences),
        sequences);
  }

  /** Before the update. */
  static TrainingDivergedException gradient(long step, double norm) {
    return new TrainingDivergedException(
        step, "the gradient norm is %s; nothing was updated".formatted(norm), List.of());
  }

  /** After the update. */
  static TrainingDivergedException weights(long step) {
    return new TrainingDivergedException(
        step, "a trained weight is not finite any more; go back to the last checkpoint", List.of());
  }

  /** Number of the step that went wrong, from 1. */
  public long step() {
    return step;
  }

  /**
   * Places in the batch, from 0, of the sequences whose loss is not finite; none if every loss is,
   * and any sequence may be the cause.
   */
  public List<Integer> sequences() {
    return sequences;
  }
}
