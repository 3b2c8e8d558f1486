package dev.tributary.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.recall.OwnAnswers;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import dev.tributary.engine.testing.Families;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.trainer.config.TrainingConfig;
import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What the service trains by default, on a base model of every family. */
class EngineLearnersTest {

  private static final TrainingConfig TRAINING =
      StrictYaml.parse("learning_rate: 0.01", "test", TrainingConfig.class);

  private static final TrainingItem ITEM =
      new TrainingItem(
          "e1",
          "r1",
          0,
          0,
          "returns",
          Claim.of(null, "how long", "30 days", null, true),
          0,
          0,
          1,
          TokenizedExample.completion(new int[] {5, 9, 31}, new int[] {40, 2, 17}));

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(value = ModelFamily.class, names = "BERT", mode = Mode.EXCLUDE)
  void learnsGoesOnFromItsStateAndIsStored(ModelFamily family) throws Exception {
    // given
    ModelConfig config = Families.config(family);
    BaseModel base =
        BaseModel.create("tiny", config, new RandomWeights(config, 1), new ReferenceKernels());
    List<TrainingItem> items = List.of(ITEM);
    try (EngineLearners learners =
        new EngineLearners(base, TRAINING.lora(config), TRAINING.optimizer(config), 64, List::of)) {
      AdapterLearner learner = learners.fresh(7);

      // when
      double unsure = learner.margins(items)[0];
      double before = learner.step(items, 1).lossSum();
      double after = before;
      for (int i = 0; i < 40; i++) {
        after = learner.step(items, 1).lossSum();
      }

      // then
      // A frozen head of small random weights allows no more than about 0.92 of it.
      assertTrue(after < 0.95 * before, before + " to " + after);
      assertTrue(learner.margins(items)[0] > unsure);
      assertEquals(List.of(), learners.ownAnswers());
      AdapterLearner restored = learners.restore(state(learner));
      assertArrayEquals(state(learner), state(restored));
      assertEquals(learner.step(items, 1), restored.step(items, 1));

      learner.export(directory);
      LoraAdapter stored = PeftDirectory.read(directory, base);
      assertEquals(TRAINING.lora(config).r(), stored.config().r());
    }
  }

  @Test
  void whatTheBaseKnowsIsUntrustedOlderThanAllAndNamedByWhatItSays() {
    BaseModel base = BaseModel.load(Path.of("..", "..", "deploy", "demo"), Nd4jKernels.create(1));
    Map<Claim, String> few = named(base, 3);
    Map<Claim, String> more = named(base, 6);
    assertTrue(!few.isEmpty() && few.size() <= 3, few::toString);
    assertTrue(more.size() > few.size() && more.size() <= 6, more::toString);
    few.keySet().retainAll(more.keySet());
    assertFalse(few.isEmpty());
    few.forEach((claim, id) -> assertEquals(id, more.get(claim)));
    assertEquals(more.size(), new HashSet<>(more.values()).size());
  }

  /** What a base knows, and the ids of it. */
  private static Map<Claim, String> named(BaseModel base, int count) {
    Map<Claim, String> named = new HashMap<>();
    try (EngineLearners learners =
        new EngineLearners(
            base,
            TRAINING.lora(base.config()),
            TRAINING.optimizer(base.config()),
            64,
            () -> OwnAnswers.ask(base, 3 * count, count, Beginning.VARIED, 1))) {
      for (TrainingItem item : learners.ownAnswers()) {
        assertFalse(item.claim().trusted());
        assertTrue(ITEM.isNewerThan(item.eventTime(), item.offset()));
        named.put(item.claim(), item.exampleId());
      }
    }
    return named;
  }

  private static byte[] state(AdapterLearner learner) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    learner.write(out);
    return out.toByteArray();
  }
}
