package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.objective.SequenceClassification;
import dev.tributary.engine.objective.SupervisedRows;
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
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What transformers and peft compute in float64 with a BertForSequenceClassification, every
 * implementation of {@link Kernels} must compute: logits to 1e-5, losses and likeliest classes,
 * every gradient, ten optimiser steps, with all weights and with LoRA. Kernels of lower precision
 * say by how much they may miss.
 */
abstract class ClassifierContractTest {

  abstract Kernels kernels();

  /** What rounding to float32 explains; kernels that round more say by how much and why. */
  Tolerances tolerances() {
    return Tolerances.FLOAT32;
  }

  @Test
  void logitsOfPackedSequencesAreThoseOfTransformersAndPeft() {
    GoldenModel full = GoldenModel.load("bert-full");
    GoldenModel lora = GoldenModel.load("bert-lora");
    BaseModel base = lora.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(lora.adapterDirectory(), base);
    Adaptation adapted = new AdapterBinding(base, 200).bind(adapter);

    assertClose(
        full.tensor("logits"), logits(full, full.model(kernels()), Adaptation.NONE), "all trained");
    assertClose(lora.tensor("base.logits"), logits(lora, base, Adaptation.NONE), "base");
    assertClose(lora.tensor("logits"), logits(lora, base, adapted), "adapted");
  }

  @Test
  void scoresAreThoseOfTransformersAndPeft() {
    GoldenModel full = GoldenModel.load("bert-full");
    GoldenModel lora = GoldenModel.load("bert-lora");
    BaseModel base = lora.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(lora.adapterDirectory(), base);
    // Room for the longest sequence only, so that the others need passes of their own.
    try (Scorer ofFull = new Scorer(full.model(kernels()), 19);
        Scorer ofLora = new Scorer(base, 33)) {

      assertScores(full, "", full.facts(), ofFull.score(null, full.sequences()));
      assertScores(lora, "base.", lora.facts().get("base"), ofLora.score(null, lora.sequences()));
      assertScores(lora, "", lora.facts(), ofLora.score(adapter, lora.sequences()));
    }
  }

  @Test
  void everyGradientIsThatOfTransformers() {
    GoldenModel golden = GoldenModel.load("bert-full");
    BaseModel model = golden.model(kernels());
    ParameterBlock gradients = ParameterBlock.zeros(ModelLayout.of(model.config()));
    try (TensorArena arena = TensorArena.scoped()) {
      assertGradients(
          golden,
          model,
          arena,
          new FullAdaptation(model.config(), kernels(), GradientBlock.dense(gradients)),
          gradients);
    }
  }

  @Test
  void everyLoraGradientIsThatOfPeft() {
    GoldenModel golden = GoldenModel.load("bert-lora");
    BaseModel model = golden.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    ParameterBlock gradients = ParameterBlock.zeros(adapter.parameters().layout());
    try (TensorArena arena = TensorArena.scoped()) {
      LoraAdaptation adaptation =
          LoraAdaptation.forTraining(model.config(), kernels(), arena, 200, adapter.config());
      adaptation.use(adapter);
      adaptation.collectInto(gradients);
      assertGradients(golden, model, arena, adaptation, gradients);
    }
  }

  @Test
  void tenStepsAreThoseOfTorch() {
    GoldenModel full = GoldenModel.load("bert-full");
    GoldenModel lora = GoldenModel.load("bert-lora");
    BaseModel base = lora.model(kernels());
    LoraAdapter adapter = PeftDirectory.read(lora.adapterDirectory(), base);
    TrainingState state = TrainingState.startingFrom(base, adapter, lora.optimizer(), 0);
    PackedBatch ofFull = PackedBatch.of(full.sequences());
    PackedBatch ofLora = PackedBatch.of(lora.sequences());
    try (FullTrainer all =
            new FullTrainer(
                full.model(kernels()).config(), full.parameters(), kernels(), 9, full.optimizer());
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
              assertTrue(difference <= tolerances().trained(), name + " differs by " + difference);
            });
  }

  private float[] logits(GoldenModel golden, BaseModel model, Adaptation adaptation) {
    PackedBatch batch = PackedBatch.of(golden.sequences());
    int n = batch.tokenCount();
    try (TensorArena arena = TensorArena.scoped()) {
      Transformer transformer =
          Transformer.forInference(model.config(), model.weights(), kernels(), arena, n);
      SequenceClassification head =
          new SequenceClassification(model.config(), model.weights(), kernels(), arena, n, false);
      SupervisedRows rows = new SupervisedRows(n);
      head.select(batch, rows);
      Tensor hidden = transformer.forward(batch, adaptation);
      return head.logits(hidden, rows, 0, rows.count(), adaptation).toArray();
    }
  }

  private void assertClose(float[] expected, float[] actual, String what) {
    double difference = GoldenModel.largestDifference(expected, actual);
    assertTrue(difference <= tolerances().logits(), what + ": logits differ by " + difference);
  }

  private void assertScores(GoldenModel golden, String prefix, JsonNode facts, List<Score> scores) {
    double[] losses = GoldenModel.doubles(facts.get("loss_sums"));
    float[] logits = golden.tensor(prefix + "logits");
    int classes = logits.length / losses.length;
    assertEquals(losses.length, scores.size());
    for (int i = 0; i < losses.length; i++) {
      Score score = scores.get(i);
      assertEquals(losses[i], score.lossSum(), tolerances().loss() * (1 + losses[i]));
      assertEquals(1, score.supervisedTokens());
      Prediction prediction = score.prediction().orElseThrow();
      assertEquals(golden.sequences().get(i).classLabel(), prediction.label());
      assertLikeliest(
          Arrays.copyOfRange(logits, i * classes, (i + 1) * classes), prediction.predicted());
    }
  }

  /** No other class may win by more than two logits may miss together. */
  private void assertLikeliest(float[] logits, int predicted) {
    for (float logit : logits) {
      assertTrue(
          logit - logits[predicted] <= 2 * tolerances().logits(),
          "class %d of %s".formatted(predicted, Arrays.toString(logits)));
    }
  }

  private void assertGradients(
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
            GradientBlock.dense(gradients),
            StepListener.NONE);

    double lossSum = pass.backward(List.of(batch), null, 1);

    assertEquals(golden.lossSum(), lossSum, tolerances().loss() * golden.lossSum());
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

  private void assertSteps(GoldenModel golden, Supplier<StepResult> step) {
    JsonNode expected = golden.facts().get("training").get("steps");
    assertEquals(10, expected.size());
    for (int i = 0; i < expected.size(); i++) {
      StepResult actual = step.get();
      double loss = expected.get(i).get("loss_sum").doubleValue();
      double norm = expected.get(i).get("grad_norm").doubleValue();
      assertEquals(loss, actual.lossSum(), tolerances().steps() * loss, "loss of step " + i);
      assertEquals(
          norm, actual.gradNorm(), tolerances().norms() * norm, "gradient norm of step " + i);
      assertEquals(golden.sequences().size(), actual.predictions().size());
    }
  }
}
