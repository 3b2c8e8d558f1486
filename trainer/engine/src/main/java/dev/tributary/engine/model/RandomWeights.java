package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The weights pre-training starts from, as GPT-2 draws them: normal with deviation 0.02, shrunk by
 * {@code sqrt(2 layers)} where a layer writes to the residual stream; biases 0, scales 1. The same
 * seed gives the same weights, in whatever order they are asked for.
 */
public final class RandomWeights implements WeightSource {

  private static final double DEVIATION = 0.02;

  private final long seed;
  private final double residualDeviation;
  private final Set<String> residual;

  public RandomWeights(ModelConfig config, long seed) {
    this.seed = seed;
    residualDeviation = DEVIATION / Math.sqrt(2.0 * config.layers());
    residual =
        Stream.of(LinearSite.ATTENTION_OUTPUT, LinearSite.MLP_OUTPUT)
            .flatMap(site -> config.family().modules(site).stream())
            .map(module -> "." + module + ".weight")
            .collect(Collectors.toSet());
  }

  @Override
  public void read(String name, Tensor target) {
    if (name.endsWith(".bias")) {
      target.zero();
    } else if (target.rows() == 1) {
      fill(target, 1, 0, new Random(0));
    } else {
      boolean shrunk = residual.stream().anyMatch(name::endsWith);
      Random random = new Random(31 * seed + name.hashCode());
      fill(target, 0, shrunk ? residualDeviation : DEVIATION, random);
    }
  }

  private static void fill(Tensor target, double mean, double deviation, Random random) {
    for (long i = 0; i < target.size(); i++) {
      target.set(i, (float) (mean + (deviation == 0 ? 0 : deviation * random.nextGaussian())));
    }
  }
}
