package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelLayout;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.testing.SmallModel;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
}
