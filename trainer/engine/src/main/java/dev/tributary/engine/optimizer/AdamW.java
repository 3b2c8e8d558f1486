package dev.tributary.engine.optimizer;

import dev.tributary.engine.kernels.AdamWStep;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.ParameterBlock;

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
  public double gradientNorm(ParameterBlock gradients) {
    return Math.sqrt(kernels.sumOfSquares(gradients.flat()));
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
  public double update(OptimizerState state, ParameterBlock gradients, double gradientNorm) {
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
    kernels.adamW(
        step,
        state.values().flat(),
        gradients.flat(),
        state.firstMoment().flat(),
        state.secondMoment().flat());
    state.advance();
    return learningRate;
  }
}
