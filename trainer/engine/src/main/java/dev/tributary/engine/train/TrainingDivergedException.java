package dev.tributary.engine.train;

/**
 * A loss or gradient that is not a number or infinite. The step did not happen: weights, moments
 * and step number are what they were.
 */
public final class TrainingDivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long step;

  /**
   * @param step number of the step that was refused, from 1
   * @param quantity what was not finite
   */
  public TrainingDivergedException(long step, String quantity, double value) {
    super(
        ("step %d: the %s is %s; nothing was updated. Lower the learning rate, or look for damaged"
                + " weights")
            .formatted(step, quantity, value));
    this.step = step;
  }

  /** Number of the step that was refused, from 1. */
  public long step() {
    return step;
  }
}
