package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NucleusTest {

  @ParameterizedTest
  @ValueSource(doubles = {1e-9, 0.1, 0.5, 0.9, 0.999, 1})
  void itIsWhatSortingEverythingFinds(double share) {
    SplittableRandom random = new SplittableRandom(7);
    for (int trial = 0; trial < 200; trial++) {
      // Flat and steep distributions, with equal weights among them.
      double steepness = random.nextDouble(0, 30);
      int levels = random.nextInt(2, 60);
      float[] weights = new float[random.nextInt(1, 300)];
      for (int i = 0; i < weights.length; i++) {
        weights[i] = (float) Math.exp(-steepness * random.nextInt(levels) / levels);
      }
      weights[random.nextInt(weights.length)] = 1;

      assertEquals(sorted(weights, share), selected(weights, share), "trial " + trial);
    }
  }

  private static Set<Integer> selected(float[] weights, double share) {
    Tensor tensor = TensorArena.shared().vector(weights.length);
    tensor.copyFrom(weights);
    Nucleus nucleus = new Nucleus(weights.length);
    nucleus.select(tensor, share);
    Set<Integer> tokens = new HashSet<>();
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (nucleus.contains(i, weights[i])) {
        tokens.add(i);
        sum += weights[i];
      }
    }
    assertEquals(sum, nucleus.sum(), 1e-9 * sum);
    return tokens;
  }

  private static Set<Integer> sorted(float[] weights, double share) {
    List<Integer> order =
        IntStream.range(0, weights.length)
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> -weights[i])
                    .thenComparing(Comparator.naturalOrder()))
            .toList();
    double total = order.stream().mapToDouble(i -> weights[i]).sum();
    Set<Integer> tokens = new HashSet<>();
    double sum = 0;
    for (int i = 0; i < weights.length && (share == 1 || sum < share * total); i++) {
      tokens.add(order.get(i));
      sum += weights[order.get(i)];
    }
    return tokens;
  }
}
