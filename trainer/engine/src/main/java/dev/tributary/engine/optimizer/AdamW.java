package dev.tributary.engine.optimizer;

import dev.tributary.engine.kernels.AdamWStep;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.SparseRows;
import dev.tributary.engine.tensor.Tensor;
import java.util.BitSet;
import java.util.function.Function;

/**
 * AdamW with bias correction, as {@code torch.optim.AdamW}, after clipping by the global norm, as
 * {@code torch.nn.utils.clip_grad_norm_}.
 */
public final class AdamW {

  /** What {@code clip_grad_norm_} adds to the norm. */
  private static final double CLIP_EPSILON = 1e-6;

  private final Kernels kernels;

  public AdamW(Kernels kernels) {
    this.kernels = kernels;
  }

  /** Global norm over all gradients; not finite if one of them is not. */
  public double gradientNorm(GradientBlock gradients) {
    return Math.sqrt(kernels.sumOfSquares(gradients.block().flat()));
  }

  /** Whether every value is a finite number. */
  public boolean isFinite(ParameterBlock values) {
    return Double.isFinite(kernels.sumOfSquares(values.flat()));
  }

  /**
   * Updates values and moments in place and counts the step.
   *
   * @param gradientNorm what {@link #gradientNorm} gave, finite
   * @param rate factor on the schedule's learning rate, 1 for none
   * @return the learning rate applied
   */
  public double update(
      OptimizerState state, GradientBlock gradients, double gradientNorm, double rate) {
    OptimizerConfig config = state.config();
    double learningRate = rate * config.learningRate(state.step());
    double scale =
        config.maxGradNorm() > 0
            ? Math.min(1, config.maxGradNorm() / (gradientNorm + CLIP_EPSILON))
            : 1;
    AdamWStep step =
        new AdamWStep(
            learningRate,
            config.beta1(),
            config.beta2(),
            config.epsilon(),
            config.weightDecay(),
            scale,
            state.step() + 1);
    BitSet rowsWithMoments = state.rowsWithMoments();
    if (gradients.table().isPresent()) {
      SparseRows table = gradients.table().get();
      table.markUsed(rowsWithMoments);
      updateTable(step, state, table);
      update(step, state, ParameterBlock::flatRest, gradients.block().flatRest());
    } else {
      rowsWithMoments.set(0, state.values().first().rows());
      update(step, state, ParameterBlock::flat, gradients.block().flat());
    }
    state.advance();
    return learningRate;
  }

  /** The first matrix: decay and moments go on in rows without a gradient. */
  private void updateTable(AdamWStep step, OptimizerState state, SparseRows gradient) {
    for (int from = 0; from < gradient.rows(); from += SparseRows.WINDOW) {
      int end = Math.min(gradient.rows(), from + SparseRows.WINDOW);
      updateRows(step, state, gradient.dense(from, end - from), from, end);
    }
  }

  /** Runs of rows that all have moments, or all have none. */
  private void updateRows(
      AdamWStep step, OptimizerState state, Tensor gradient, int start, int stop) {
    BitSet withMoments = state.rowsWithMoments();
    int row = start;
    while (row < stop) {
      boolean moments = withMoments.get(row);
      int next = moments ? withMoments.nextClearBit(row) : withMoments.nextSetBit(row);
      int first = row;
      int count = (next < 0 ? stop : Math.min(stop, next)) - first;
      Tensor slice = gradient.slice(first - start, count);
      if (moments) {
        update(step, state, block -> block.first().slice(first, count), slice);
      } else if (step.weightDecay() != 0) {
        decay(step, state.values().first().slice(first, count), slice);
      }
      row = first + count;
    }
  }

  /** Rows without a gradient or moments, which stay zeros. */
  private void decay(AdamWStep step, Tensor values, Tensor zeros) {
    kernels.adamW(step, values, zeros, zeros, zeros);
  }

  private void update(
      AdamWStep step,
      OptimizerState state,
      Function<ParameterBlock, Tensor> part,
      Tensor gradient) {
    kernels.adamW(
        step,
        part.apply(state.values()),
        gradient,
        part.apply(state.firstMoment()),
        part.apply(state.secondMoment()));
  }
}
