package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.peft.lora.LoraAdaptation;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.testing.Families;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The gradient of every weight of every family against differences of the loss. */
class FamilyGradientTest {

  private static final double STEP = 3e-4;

  private final Kernels kernels = new ReferenceKernels();
  private final Random random = new Random(11);

  @ParameterizedTest
  @EnumSource
  void everyWeightsGradientIsTheSlopeOfTheLoss(ModelFamily family) {
    ModelConfig config = Families.config(family);
    ParameterBlock parameters = ParameterBlock.zeros(ModelLayout.of(config));
    parameters.tensors().forEach((name, tensor) -> fill(tensor, tensor.rows() == 1 ? 1 : 0, 0.3));
    PackedBatch batch = batch(config);
    try (TensorArena arena = TensorArena.scoped()) {
      ParameterBlock gradients = ParameterBlock.zeros(parameters.layout());
      TrainingPass pass =
          pass(
              config,
              parameters,
              arena,
              new FullAdaptation(config, kernels, GradientBlock.dense(gradients)),
              gradients);

      pass.backward(List.of(batch), null, 1);

      assertSlopes(pass, batch, parameters, gradients.copy());
    }
  }

  /** One part after the other, with sequences that count differently. */
  @ParameterizedTest
  @EnumSource
  void theGradientsOfPartsAddUp(ModelFamily family) {
    ModelConfig config = Families.config(family);
    ParameterBlock parameters = ParameterBlock.zeros(ModelLayout.of(config));
    parameters.tensors().forEach((name, tensor) -> fill(tensor, tensor.rows() == 1 ? 1 : 0, 0.3));
    PackedBatch batch = batch(config);
    List<PackedBatch> parts = new ArrayList<>(new MicroBatches(9).cut(batch));
    double[] weights = {0.5, 3, 1.25};
    try (TensorArena arena = TensorArena.scoped()) {
      ParameterBlock gradients = ParameterBlock.zeros(parameters.layout());
      TrainingPass pass =
          pass(
              config,
              parameters,
              arena,
              new FullAdaptation(config, kernels, GradientBlock.dense(gradients)),
              gradients);

      double whole = pass.backward(List.of(batch), weights, 1);
      ParameterBlock expected = gradients.copy();
      double inParts = pass.backward(parts, weights, 1);

      assertEquals(2, parts.size());
      assertEquals(whole, inParts, 1e-6 * whole);
      expected
          .tensors()
          .forEach(
              (name, tensor) ->
                  assertArrayEquals(tensor.toArray(), gradients.get(name).toArray(), 1e-5f, name));
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyAdaptersGradientIsTheSlopeOfTheLoss(ModelFamily family) {
    ModelConfig config = Families.config(family);

    int adapted = assertAdaptersSlopes(config, List.of(LoraConfig.ALL_LINEAR));

    assertEquals(config.layers() * config.modules().size(), adapted);
  }

  /** Where the layers below keep nothing. */
  @ParameterizedTest
  @EnumSource
  void soItIsWithAdaptersInTheLastLayerOnly(ModelFamily family) {
    ModelConfig config = Families.config(family);
    int last = config.layers() - 1;
    List<String> modules = config.modules().stream().map(module -> module.name(last)).toList();

    int adapted = assertAdaptersSlopes(config, modules);

    assertTrue(last > 0);
    assertEquals(config.modules().size(), adapted);
  }

  /** Gives the number of adapted modules. */
  private int assertAdaptersSlopes(ModelConfig config, List<String> targetModules) {
    ParameterBlock frozen = ParameterBlock.zeros(ModelLayout.of(config));
    frozen.tensors().forEach((name, tensor) -> fill(tensor, tensor.rows() == 1 ? 1 : 0, 0.3));
    LoraConfig lora =
        new LoraConfig(
            3,
            6,
            0.3,
            targetModules,
            false,
            config.isClassifier() ? List.of(LoraConfig.CLASSIFIER) : List.of());
    LoraAdapter adapter = LoraAdapter.zeros(config, lora);
    adapter.tensors().forEach((name, tensor) -> fill(tensor, 0, 0.3));
    PackedBatch batch = batch(config);
    try (TensorArena arena = TensorArena.scoped()) {
      LoraAdaptation adaptation =
          LoraAdaptation.forTraining(config, kernels, arena, batch.tokenCount(), lora);
      ParameterBlock gradients = ParameterBlock.zeros(adapter.parameters().layout());
      adaptation.use(adapter);
      adaptation.collectInto(gradients);
      adaptation.dropFor(5, 1);
      TrainingPass pass = pass(config, frozen, arena, adaptation, gradients);

      pass.backward(List.of(batch), null, 1);

      assertSlopes(pass, batch, adapter.parameters(), gradients.copy());
      int classifier = config.isClassifier() ? 2 : 0;
      return (gradients.tensors().size() - classifier) / 2;
    }
  }

  /** Along a random direction of each tensor. */
  private void assertSlopes(
      TrainingPass pass, PackedBatch batch, ParameterBlock parameters, ParameterBlock gradients) {
    parameters
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] values = tensor.toArray();
              double[] direction = random.doubles(values.length, -1, 1).toArray();
              double expected = 0;
              for (int i = 0; i < values.length; i++) {
                expected += direction[i] * gradients.get(name).get(i);
              }
              double above = loss(pass, batch, tensor, values, direction, STEP);
              double below = loss(pass, batch, tensor, values, direction, -STEP);
              tensor.copyFrom(values);
              double slope = (above - below) / (2 * STEP) / batch.supervisedCount();
              assertTrue(
                  Math.abs(slope - expected) <= 2e-3 + 0.02 * Math.abs(slope),
                  "%s: the loss rises by %g, the gradient says %g"
                      .formatted(name, slope, expected));
            });
  }

  private double loss(
      TrainingPass pass,
      PackedBatch batch,
      Tensor tensor,
      float[] values,
      double[] direction,
      double step) {
    for (int i = 0; i < values.length; i++) {
      tensor.set(i, (float) (values[i] + step * direction[i]));
    }
    return pass.backward(List.of(batch), null, 1);
  }

  private TrainingPass pass(
      ModelConfig config,
      ParameterBlock parameters,
      TensorArena arena,
      Adaptation adaptation,
      ParameterBlock gradients) {
    return new TrainingPass(
        config,
        ModelWeights.of(config, parameters),
        kernels,
        arena,
        Families.CONTEXT + 8,
        adaptation,
        GradientBlock.dense(gradients),
        StepListener.NONE);
  }

  /** Three sequences, one of a single token and one as long as the context. */
  private PackedBatch batch(ModelConfig config) {
    return PackedBatch.of(
        Stream.of(7, 1, Families.CONTEXT)
            .map(length -> config.isClassifier() ? classified(length) : text(length))
            .toList());
  }

  private TokenizedExample text(int length) {
    return TokenizedExample.text(tokens(length));
  }

  private TokenizedExample classified(int length) {
    int[] types = IntStream.range(0, length).map(i -> i < 5 ? 0 : 1).toArray();
    return TokenizedExample.classified(tokens(length), types, length % 3);
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, Families.VOCABULARY).toArray();
  }

  private void fill(Tensor tensor, double mean, double deviation) {
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, (float) (mean + deviation * random.nextGaussian()));
    }
  }
}
