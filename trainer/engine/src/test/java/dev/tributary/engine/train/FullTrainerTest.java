package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.testing.Families;
import dev.tributary.engine.testing.SmallModel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FullTrainerTest {

  private final BaseModel model = SmallModel.create();
  private final ParameterBlock parameters =
      ModelLayout.read(SmallModel.CONFIG, SmallModel.weights());

  @Test
  void learnsSequencesByHeartAndSaysThemAgain() {
    List<TokenizedExample> examples =
        List.of(
            TokenizedExample.completion(new int[] {1, 2}, new int[] {30, 31, 32, 33, 7}),
            TokenizedExample.completion(new int[] {1, 3}, new int[] {40, 30, 40, 31, 7}));
    BaseModel learnt;
    StepResult last = null;
    try (FullTrainer trainer =
        new FullTrainer(
            SmallModel.CONFIG, parameters, model.kernels(), 50, OptimizerConfig.constant(0.01))) {
      for (int step = 0; step < 120; step++) {
        last = trainer.step(PackedBatch.of(examples), null);
      }
      learnt = trainer.snapshot("learnt");
      // One more step shows the state the snapshot was taken in.
      last = trainer.step(PackedBatch.of(examples), null);
    }

    assertTrue(last.meanLoss() < 0.05, "still " + last.meanLoss());
    try (Generator generator = new Generator(learnt, 24);
        Scorer scorer = new Scorer(learnt, 24)) {
      GenerationOptions options = GenerationOptions.greedy(10, Set.of(7));
      assertEquals(
          List.of(30, 31, 32, 33),
          generator.generate(null, new int[] {1, 2}, options, token -> true).tokens());
      assertEquals(
          List.of(40, 30, 40, 31),
          generator.generate(null, new int[] {1, 3}, options, token -> true).tokens());
      double scored = scorer.score(null, examples).stream().mapToDouble(Score::lossSum).sum();
      assertEquals(last.lossSum(), scored, 1e-4);
    }
    assertNotEquals(model.fingerprint(), learnt.fingerprint());
    assertEquals("learnt", learnt.name());
  }

  @ParameterizedTest
  @EnumSource(
      value = ModelFamily.class,
      names = {"GPT2", "LLAMA"})
  void whatItLearnsDoesNotDependOnTheTokensItExpected(ModelFamily family) {
    // given steps of more and more tokens, with other tokens in each
    ModelConfig config = Families.config(family);
    List<PackedBatch> steps =
        List.of(
            batch(new int[] {1, 2, 3, 2}),
            batch(new int[] {40, 41, 42, 43, 44, 45, 46, 47, 48}),
            batch(new int[] {5, 6}, new int[] {50, 6, 51, 52, 5, 9, 10, 11, 12, 13}));

    // when one trainer expected them, and had memory for all rows of the table, and one did not
    float[] expected = trained(config, 2 * Families.VOCABULARY, steps);
    float[] actual = trained(config, 2, steps);

    // then the weights differ by rounding at most, which AdamW makes more of where a gradient is
    // almost nothing; a gradient of its own would move a weight by 1e-2 a step
    assertArrayEquals(expected, actual, 1e-4f);
  }

  private float[] trained(ModelConfig config, int maxTokens, List<PackedBatch> steps) {
    ParameterBlock weights = ModelLayout.read(config, new RandomWeights(config, 1));
    OptimizerConfig optimizer =
        new OptimizerConfig(1e-2, 0.1, 0.9, 0.999, 1e-8, 1, Schedule.CONSTANT, 0, 0);
    try (FullTrainer trainer =
        new FullTrainer(config, weights, model.kernels(), maxTokens, optimizer)) {
      steps.forEach(batch -> trainer.step(batch, null));
      return trainer.parameters().flat().toArray();
    }
  }

  private static PackedBatch batch(int[]... texts) {
    return PackedBatch.of(Arrays.stream(texts).map(TokenizedExample::text).toList());
  }
}
