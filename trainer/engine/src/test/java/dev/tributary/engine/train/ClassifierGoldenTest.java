package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Nd4jKernels;
import dev.tributary.engine.kernels.ReferenceKernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.peft.lora.LoraAdaptation;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.testing.GoldenModel;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * What transformers and peft compute in float64 with a BertForSequenceClassification: losses and
 * likeliest classes, every gradient, ten optimiser steps, with all weights and with LoRA.
 */
class ClassifierGoldenTest {

  static Stream<Kernels> kernels() {
    return Stream.of(new ReferenceKernels(), Nd4jKernels.create(2));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void scoresAreThoseOfTransformersAndPeft(Kernels kernels) {
    GoldenModel full = GoldenModel.load("bert-full");
    GoldenModel lora = GoldenModel.load("bert-lora");
    BaseModel base = lora.model(kernels);
    LoraAdapter adapter = PeftDirectory.read(lora.adapterDirectory(), base);
    // Room for the longest sequence only, so that the others need passes of their own.
    try (Scorer ofFull = new Scorer(full.model(kernels), 19);
        Scorer ofLora = new Scorer(base, 33)) {

      assertScores(full, "", full.facts(), ofFull.score(null, full.sequences()));
      assertScores(lora, "base.", lora.facts().get("base"), ofLora.score(null, lora.sequences()));
      assertScores(lora, "", lora.facts(), ofLora.score(adapter, lora.sequences()));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyGradientIsThatOfTransformers(Kernels kernels) {
    GoldenModel golden = GoldenModel.load("bert-full");
    BaseModel model = golden.model(kernels);
    ParameterBlock gradients = ParameterBlock.zeros(ModelLayout.of(model.config()));
    try (TensorArena arena = TensorArena.scoped()) {
      assertGradients(
          golden, model, arena, new FullAdaptation(model.config(), kernels, gradients), gradients);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyLoraGradientIsThatOfPeft(Kernels kernels) {
    GoldenModel golden = GoldenModel.load("bert-lora");
    BaseModel model = golden.model(kernels);
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    ParameterBlock gradients = ParameterBlock.zeros(adapter.parameters().layout());
    try (TensorArena arena = TensorArena.scoped()) {
      LoraAdaptation adaptation =
          LoraAdaptation.forTraining(model.config(), kernels, arena, 200, adapter.config());
      adaptation.use(adapter);
      adaptation.collectInto(gradients);
      assertGradients(golden, model, arena, adaptation, gradients);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tenStepsAreThoseOfTorch(Kernels kernels) {
    GoldenModel full = GoldenModel.load("bert-full");
    GoldenModel lora = GoldenModel.load("bert-lora");
    BaseModel base = lora.model(kernels);
    LoraAdapter adapter = PeftDirectory.read(lora.adapterDirectory(), base);
    TrainingState state = TrainingState.startingFrom(base, adapter, lora.optimizer(), 0);
    PackedBatch ofFull = PackedBatch.of(full.sequences());
    PackedBatch ofLora = PackedBatch.of(lora.sequences());
    try (FullTrainer all =
            new FullTrainer(
                full.model(kernels).config(), full.parameters(), kernels, 9, full.optimizer());
        AdapterTrainer some = new AdapterTrainer(base, 200, adapter.config())) {

      assertSteps(full, () -> all.step(ofFull, null));
      assertSteps(lora, () -> some.step(state, ofLora, null));
    }
    adapter
        .tensors()
        .forEach(
            (name, tensor) -> {
              double difference =
                  GoldenModel.largestDifference(lora.tensor("trained." + name), tensor.toArray());
              assertTrue(difference <= 2e-4, name + " differs by " + difference);
            });
  }

  private static void assertScores(
      GoldenModel golden, String prefix, JsonNode facts, List<Score> scores) {
    double[] losses = GoldenModel.doubles(facts.get("loss_sums"));
    float[] logits = golden.tensor(prefix + "logits");
    int classes = logits.length / losses.length;
    assertEquals(losses.length, scores.size());
    for (int i = 0; i < losses.length; i++) {
      Score score = scores.get(i);
      assertEquals(losses[i], score.lossSum(), 1e-5 * (1 + losses[i]));
      assertEquals(1, score.supervisedTokens());
      Prediction prediction = score.prediction().orElseThrow();
      assertEquals(golden.sequences().get(i).classLabel(), prediction.label());
      assertEquals(likeliest(logits, i * classes, classes), prediction.predicted());
    }
  }

  private static int likeliest(float[] logits, int from, int classes) {
    return IntStream.range(0, classes)
        .reduce(0, (best, i) -> logits[from + i] > logits[from + best] ? i : best);
  }

  private static void assertGradients(
      GoldenModel golden,
      BaseModel model,
      TensorArena arena,
      Adaptation adaptation,
      ParameterBlock gradients) {
    PackedBatch batch = PackedBatch.of(golden.sequences());
    TrainingPass pass =
        new TrainingPass(
            model.config(),
            model.weights(),
            model.kernels(),
            arena,
            batch.tokenCount(),
            adaptation,
            gradients,
            StepListener.NONE);

    double lossSum = pass.backward(batch, null, 1);

    assertEquals(golden.lossSum(), lossSum, 1e-5 * golden.lossSum());
    gradients
        .tensors()
        .forEach(
            (name, tensor) -> {
              float[] expected = golden.tensor("gradient." + name);
              // What a key's bias adds is the same for every key of a query: its gradient is 0.
              double scale = name.endsWith("key.bias") ? 1 : largest(expected);
              double difference = GoldenModel.largestDifference(expected, tensor.toArray());
              assertTrue(difference <= 1e-4 * scale, name + " differs by " + difference);
            });
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0, "an expected tensor of zeros proves nothing");
    return largest;
  }

  private static void assertSteps(GoldenModel golden, Supplier<StepResult> step) {
    JsonNode expected = golden.facts().get("training").get("steps");
    assertEquals(10, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      StepResult actual = step.get();
      double loss = expected.get(i).get("loss_sum").doubleValue();
      double norm = expected.get(i).get("grad_norm").doubleValue();
      assertEquals(loss, actual.lossSum(), 1e-4 * loss, "loss of step " + i);
      assertEquals(norm, actual.gradNorm(), 1e-3 * norm, "gradient norm of step " + i);
      assertEquals(golden.sequences().size(), actual.predictions().size());
    }
  }
}
