package dev.tributary.trainer.learn;

import java.util.List;

/** The loss, a gradient or a weight of an adapter is no longer a finite number. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final List<Integer> items;

  /**
   * @param items places in the step, from 0, of the items whose loss is not finite; none if any may
   *     be the cause
   */
  public DivergedException(String message, List<Integer> items, Throwable cause) {
    super(message, cause);
    this.items = List.copyOf(items);
  }

  /** Places in the step, from 0, of the items whose loss is not finite; none if any may be. */
  public List<Integer> items() {
    return items;
  }
}
