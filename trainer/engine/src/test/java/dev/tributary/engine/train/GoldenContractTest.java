package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.optimizer.GradientBlock;
import dev.tributary.engine.peft.full.FullAdaptation;
import dev.tributary.engine.peft.lora.AdapterBinding;
import dev.tributary.engine.peft.lora.LoraAdaptation;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.testing.GoldenModel;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What transformers and peft compute in float64, every implementation of {@link Kernels} must
 * compute for every family: logits to 1e-5, gradients to 1e-4 of their largest element, ten
 * optimiser steps, greedy continuations token for token. Kernels of lower precision say by how much
 * they may miss.
 */
abstract class GoldenContractTest {

  abstract Kernels kernels();

  /** What rounding to float32 explains; kernels that round more say by how much and why. */
  Tolerances tolerances() {
    return Tolerances.FLOAT32;
  }

  /** A model of each family with an adapter. */
  @ParameterizedTest
  @ValueSource(strings = {"gpt2-lora", "llama-lora", "mistral-lora", "qwen2-lora", "qwen3-lora"})
  @Retention(RetentionPolicy.RUNTIME)
  @interface EachDecoderWithAdapter {}

  /** A model of each family to be trained throughout. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2-full",
        "gpt2-untied",
        "llama-full",
        "mistral-full",
        "qwen2-full",
        "qwen3-full"
      })
  @Retention(RetentionPolicy.RUNTIME)
  @interface EachDecoder {}

  @EachDecoder
  void logitsOfPackedSequencesAreThoseOfTransformers(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());

    float[] logits = logits(model, Adaptation.NONE, golden.sequences());

    assertClose(golden.tensor("logits"), logits, tolerances().logits(), name + " logits");
  }

  @EachDecoderWithAdapter
  void logitsWithAndWithoutAnAdapterAreThoseOfPeft(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);

    float[] base = logits(model, Adaptation.NONE, golden.sequences());
    float[] adapted =
        logits(model, new AdapterBinding(model, 64).bind(adapter), golden.sequences());

    assertClose(golden.tensor("base.logits"), base, tolerances().logits(), "base logits");
    assertClose(golden.tensor("logits"), adapted, tolerances().logits(), "adapted logits");
  }

  @EachDecoderWithAdapter
  void scoresOfEachSequenceAreThoseOfPeft(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    // Room for the longest sequence only, so that the others need passes of their own.
    try (Scorer scorer = new Scorer(model, golden.longest())) {

      List<Score> base = scorer.score(null, golden.sequences());
      List<Score> adapted = scorer.score(adapter, golden.sequences());

      assertScores(golden.facts().get("base").get("loss_sums"), base);
      assertScores(golden.facts().get("loss_sums"), adapted);
      assertEquals(
          list(golden.facts().get("supervised")),
          adapted.stream().map(Score::supervisedTokens).toList());
    }
  }

  @EachDecoderWithAdapter
  void everyLoraGradientIsThatOfPeft(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    PackedBatch batch = PackedBatch.of(golden.sequences());
    try (TensorArena arena = TensorArena.scoped()) {
      LoraAdaptation adaptation =
          LoraAdaptation.forTraining(
              model.config(), kernels(), arena, batch.tokenCount(), adapter.config());
      adaptation.use(adapter);
      ParameterBlock gradients = ParameterBlock.zeros(adapter.parameters().layout());
      adaptation.collectInto(gradients);

      double lossSum =
          pass(model.config(), model.weights(), arena, batch, adaptation, gradients)
              .backward(List.of(batch), null, 1);

      assertEquals(golden.lossSum(), lossSum, tolerances().loss() * golden.lossSum());
      assertGradients(golden, gradients);
    }
  }

  @EachDecoder
  void everyWeightGradientIsThatOfTransformers(String name) {
    GoldenModel golden = GoldenModel.load(name);
    ParameterBlock parameters = golden.parameters();
    ModelConfig config = golden.config();
    PackedBatch batch = PackedBatch.of(golden.sequences());
    try (TensorArena arena = TensorArena.scoped()) {
      ParameterBlock gradients = ParameterBlock.zeros(parameters.layout());
      Adaptation adaptation = new FullAdaptation(config, kernels(), GradientBlock.dense(gradients));

      double lossSum =
          pass(config, ModelWeights.of(config, parameters), arena, batch, adaptation, gradients)
              .backward(List.of(batch), null, 1);

      assertEquals(golden.lossSum(), lossSum, tolerances().loss() * golden.lossSum());
      assertGradients(golden, gradients);
    }
  }

  @EachDecoderWithAdapter
  void tenAdapterStepsAreThoseOfTorch(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    TrainingState state = TrainingState.startingFrom(model, adapter, golden.optimizer(), 0);
    PackedBatch batch = PackedBatch.of(golden.sequences());
    try (AdapterTrainer trainer = new AdapterTrainer(model, batch.tokenCount(), adapter.config())) {

      assertSteps(golden, () -> trainer.step(state, batch, null));

      adapter
          .tensors()
          .forEach(
              (tensor, values) ->
                  assertClose(
                      golden.tensor("trained." + tensor),
                      values.toArray(),
                      tolerances().trained(),
                      tensor));
    }
  }

  @EachDecoder
  void tenStepsOfAllWeightsAreThoseOfTorch(String name) {
    GoldenModel golden = GoldenModel.load(name);
    PackedBatch batch = PackedBatch.of(golden.sequences());
    try (FullTrainer trainer =
        new FullTrainer(
            golden.config(),
            golden.parameters(),
            kernels(),
            batch.tokenCount(),
            golden.optimizer())) {

      assertSteps(golden, () -> trainer.step(batch, null));
    }
  }

  @EachDecoderWithAdapter
  void greedyContinuationsAreThoseOfTransformers(String name) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    GenerationOptions options = GenerationOptions.greedy(12, Set.of());
    try (Generator generator = new Generator(model, golden.longest())) {
      for (int i = 0; i < golden.facts().get("prompts").size(); i++) {
        int[] prompt = GoldenModel.ints(golden.facts().get("prompts").get(i));

        List<Integer> base = generator.generate(null, prompt, options, token -> true).tokens();
        List<Integer> adapted =
            generator.generate(adapter, prompt, options, token -> true).tokens();

        assertContinuation(golden.facts().get("base"), i, base);
        assertContinuation(golden.facts(), i, adapted);
      }
    }
  }

  /** Up to the first token that wins by less than two logits may miss together. */
  private void assertContinuation(JsonNode facts, int prompt, List<Integer> actual) {
    double[] margins = GoldenModel.doubles(facts.get("margins").get(prompt));
    int clear = 0;
    while (clear < margins.length && margins[clear] > 2 * tolerances().logits()) {
      clear++;
    }
    List<Integer> expected = list(facts.get("greedy").get(prompt));
    assertEquals(expected.size(), actual.size());
    assertEquals(expected.subList(0, clear), actual.subList(0, clear));
  }

  private float[] logits(BaseModel model, Adaptation adaptation, List<TokenizedExample> sequences) {
    PackedBatch batch = PackedBatch.of(sequences);
    int n = batch.tokenCount();
    try (TensorArena arena = TensorArena.scoped()) {
      Transformer transformer =
          Transformer.forInference(model.config(), model.weights(), kernels(), arena, n);
      CausalLanguageModelling head =
          new CausalLanguageModelling(model.config(), model.weights(), kernels(), arena, n, false);
      Tensor hidden = transformer.forward(batch, adaptation);
      return head.logits(hidden, IntStream.range(0, n).toArray(), 0, n).toArray();
    }
  }

  private TrainingPass pass(
      ModelConfig config,
      ModelWeights weights,
      TensorArena arena,
      PackedBatch batch,
      Adaptation adaptation,
      ParameterBlock gradients) {
    return new TrainingPass(
        config,
        weights,
        kernels(),
        arena,
        batch.tokenCount(),
        adaptation,
        GradientBlock.dense(gradients),
        StepListener.NONE);
  }

  private void assertSteps(GoldenModel golden, Supplier<StepResult> step) {
    List<JsonNode> expected = new ArrayList<>();
    golden.facts().get("training").get("steps").forEach(expected::add);
    assertEquals(10, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      StepResult actual = step.get();
      double loss = expected.get(i).get("loss_sum").doubleValue();
      double norm = expected.get(i).get("grad_norm").doubleValue();
      double rate = expected.get(i).get("learning_rate").doubleValue();
      assertEquals(i + 1, actual.step());
      assertEquals(loss, actual.lossSum(), tolerances().steps() * loss, "loss of step " + i);
      assertEquals(
          norm, actual.gradNorm(), tolerances().norms() * norm, "gradient norm of step " + i);
      assertEquals(rate, actual.learningRate(), 1e-12, "learning rate of step " + i);
    }
  }

  private void assertGradients(GoldenModel golden, ParameterBlock gradients) {
    assertEquals(golden.gradients(), gradients.tensors().keySet());
    gradients
        .tensors()
        .forEach(
            (name, tensor) -> {
              double difference = golden.gradientDifference(name, tensor.toArray());
              assertTrue(
                  difference <= tolerances().gradients(), name + " differs by " + difference);
            });
  }

  private void assertScores(JsonNode lossSums, List<Score> scores) {
    double[] expected = GoldenModel.doubles(lossSums);
    assertEquals(expected.length, scores.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], scores.get(i).lossSum(), tolerances().loss() * (1 + expected[i]));
    }
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
    double difference = GoldenModel.largestDifference(expected, actual);
    assertTrue(difference <= tolerance, what + " differ by " + difference);
  }

  private static List<Integer> list(JsonNode tokens) {
    return Arrays.stream(GoldenModel.ints(tokens)).boxed().toList();
  }
}
