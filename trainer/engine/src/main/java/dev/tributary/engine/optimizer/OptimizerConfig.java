package dev.tributary.engine.optimizer;

import dev.tributary.foundation.error.ConfigException;

/**
 * AdamW with gradient clipping and a learning-rate schedule, in transformers' words.
 *
 * @param learningRate peak learning rate
 * @param weightDecay decoupled decay of every trained value (<a
 *     href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>)
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param maxGradNorm gradients are scaled down to this global norm; 0 turns clipping off
 * @param schedule what follows the warm-up
 * @param warmupSteps steps over which the rate rises linearly from 0
 * @param maxSteps where a linear or cosine schedule reaches 0; 0 is allowed for a constant one
 */
public record OptimizerConfig(
    double learningRate,
    double weightDecay,
    double beta1,
    double beta2,
    double epsilon,
    double maxGradNorm,
    Schedule schedule,
    long warmupSteps,
    long maxSteps) {

  public OptimizerConfig {
    require(
        Double.isFinite(learningRate) && learningRate > 0,
        "learning_rate",
        learningRate,
        "use a positive number, such as 1e-4");
    require(
        Double.isFinite(weightDecay) && weightDecay >= 0,
        "weight_decay",
        weightDecay,
        "use 0 or a positive number");
    require(beta1 >= 0 && beta1 < 1, "adam_beta1", beta1, "use a number from 0 up to 1");
    require(beta2 >= 0 && beta2 < 1, "adam_beta2", beta2, "use a number from 0 up to 1");
    require(
        Double.isFinite(epsilon) && epsilon > 0, "adam_epsilon", epsilon, "use a positive number");
    require(
        Double.isFinite(maxGradNorm) && maxGradNorm >= 0,
        "max_grad_norm",
        maxGradNorm,
        "use 0 (off) or a positive number");
    require(schedule != null, "lr_scheduler_type", schedule, "use constant, linear or cosine");
    require(warmupSteps >= 0, "warmup_steps", warmupSteps, "use 0 or a positive number");
    require(maxSteps >= 0, "max_steps", maxSteps, "use 0 or a positive number");
    require(
        schedule == Schedule.CONSTANT || maxSteps > warmupSteps,
        "max_steps",
        maxSteps,
        "a linear or cosine schedule needs more than the warmup_steps = " + warmupSteps);
  }

  /** PyTorch's AdamW betas and epsilon, no decay, norm 1, constant rate. */
  public static OptimizerConfig constant(double learningRate) {
    return new OptimizerConfig(learningRate, 0, 0.9, 0.999, 1e-8, 1.0, Schedule.CONSTANT, 0, 0);
  }

  /**
   * The rate of one step, as transformers' {@code get_*_schedule_with_warmup} gives it.
   *
   * @param step from 0 for the first step
   */
  public double learningRate(long step) {
    if (step < warmupSteps) {
      return learningRate * step / Math.max(1, warmupSteps);
    }
    double progress = (double) (step - warmupSteps) / Math.max(1, maxSteps - warmupSteps);
    return learningRate * schedule.decay(progress);
  }

  private static void require(boolean holds, String field, Object value, String fix) {
    if (!holds) {
      throw ConfigException.of(field, value, fix);
    }
  }
}
