package dev.tributary.engine.optimizer;

import dev.tributary.engine.kernels.AdamWStep;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.SparseRows;
import dev.tributary.engine.tensor.Tensor;
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
   * @return the learning rate applied
   */
  public double update(OptimizerState state, GradientBlock gradients, double gradientNorm) {
    OptimizerConfig config = state.config();
    double learningRate = config.learningRate(state.step());
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
    if (gradients.table().isPresent()) {
      updateTable(step, state, gradients.table().get());
      update(step, state, ParameterBlock::flatRest, gradients.block().flatRest());
    } else {
      update(step, state, ParameterBlock::flat, gradients.block().flat());
    }
    state.advance();
    return learningRate;
  }

  /** The first matrix: decay and moments go on in rows without a gradient. */
  private void updateTable(AdamWStep step, OptimizerState state, SparseRows gradient) {
    for (int from = 0; from < gradient.rows(); from += SparseRows.WINDOW) {
      int first = from;
      int count = Math.min(SparseRows.WINDOW, gradient.rows() - first);
      update(step, state, block -> block.first().slice(first, count), gradient.dense(first, count));
    }
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
