package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;
import java.util.Random;

/**
 * The weights pre-training starts from, as GPT-2 draws them: normal with deviation 0.02, shrunk by
 * {@code sqrt(2 layers)} where a layer writes to the residual stream; biases 0, scales 1. The same
 * seed gives the same weights.
 */
public final class RandomWeights implements WeightSource {

  private static final double DEVIATION = 0.02;

  private final Random random;
  private final double residualDeviation;

  public RandomWeights(ModelConfig config, long seed) {
    random = new Random(seed);
    residualDeviation = DEVIATION / Math.sqrt(2.0 * config.layers());
  }

  @Override
  public void read(String name, Tensor target) {
    if (name.endsWith(".bias")) {
      target.zero();
    } else if (name.contains(".ln_")) {
      fill(target, 1, 0);
    } else {
      fill(target, 0, name.endsWith("c_proj.weight") ? residualDeviation : DEVIATION);
    }
  }

  private void fill(Tensor target, double mean, double deviation) {
    for (long i = 0; i < target.size(); i++) {
      target.set(i, (float) (mean + (deviation == 0 ? 0 : deviation * random.nextGaussian())));
    }
  }
}
