package dev.tributary.engine.optimizer;

import dev.tributary.engine.tensor.ParameterBlock;
import java.util.BitSet;

/**
 * Values under training with AdamW's moments and the number of steps done: what one more step
 * starts from. Three blocks of one layout, so that an update is one pass over flat memory. For one
 * thread.
 */
public final class OptimizerState {

  private final OptimizerConfig config;
  private final ParameterBlock values;
  private final ParameterBlock firstMoment;
  private final ParameterBlock secondMoment;
  private final BitSet rowsWithMoments;
  private long step;

  /** Takes the blocks as they are; they are changed in place by training. */
  public OptimizerState(
      OptimizerConfig config,
      ParameterBlock values,
      ParameterBlock firstMoment,
      ParameterBlock secondMoment,
      long step) {
    this(config, values, firstMoment, secondMoment, step, new BitSet());
    rowsWithMoments.set(0, values.first().rows());
  }

  private OptimizerState(
      OptimizerConfig config,
      ParameterBlock values,
      ParameterBlock firstMoment,
      ParameterBlock secondMoment,
      long step,
      BitSet rowsWithMoments) {
    this.config = config;
    this.values = values;
    this.firstMoment = firstMoment;
    this.secondMoment = secondMoment;
    this.rowsWithMoments = rowsWithMoments;
    this.step = step;
  }

  /** Before the first step: moments are zero. */
  public static OptimizerState fresh(OptimizerConfig config, ParameterBlock values) {
    return new OptimizerState(
        config,
        values,
        ParameterBlock.zeros(values.layout()),
        ParameterBlock.zeros(values.layout()),
        0,
        new BitSet());
  }

  public OptimizerConfig config() {
    return config;
  }

  public ParameterBlock values() {
    return values;
  }

  public ParameterBlock firstMoment() {
    return firstMoment;
  }

  public ParameterBlock secondMoment() {
    return secondMoment;
  }

  /** Steps done. */
  public long step() {
    return step;
  }

  /**
   * Rows of the first matrix whose moments may be other than zero. The pages of all others have
   * never been written, and take no memory as long as they are not.
   */
  BitSet rowsWithMoments() {
    return rowsWithMoments;
  }

  void advance() {
    step++;
  }
}
