package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdapterTrainerTest {

  private static final LoraConfig LORA = new LoraConfig(4, 8, 0.2, List.of("c_attn", "mlp.c_proj"));
  private static final OptimizerConfig OPTIMIZER = OptimizerConfig.constant(0.01);

  private final BaseModel model = SmallModel.create();

  @Test
  void lossOnWhatIsTrainedGoesDown() {
    PackedBatch batch = SmallModel.batch(1, 8);
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 3);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      StepResult first = trainer.step(state, batch, null);
      StepResult last = first;
      while (state.step() < 60) {
        last = trainer.step(state, batch, null);
      }

      assertEquals(Math.log(89), first.meanLoss(), 0.3);
      // A random head of deviation 0.02 cannot do much better.
      assertTrue(last.meanLoss() < first.meanLoss() - 0.3, "still " + last.meanLoss());
      assertEquals(60, last.step());
      assertEquals(batch.tokenCount(), last.tokens());
      assertEquals(batch.supervisedCount(), last.supervisedTokens());
    }
  }

  @Test
  void theListenerHearsThePhasesOfEveryStepInOrder() {
    List<StepListener.Phase> heard = new ArrayList<>();
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 3);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA, heard::add)) {
      trainer.step(state, SmallModel.batch(1, 2), null);
      trainer.step(state, SmallModel.batch(2, 2), null);
    }

    List<StepListener.Phase> step = List.of(StepListener.Phase.values());
    assertEquals(Stream.of(step, step).flatMap(List::stream).toList(), heard);
  }

  @Test
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() throws IOException {
    byte[] once = trained(5, 12);
    byte[] again = trained(5, 12);
    byte[] otherwise = trained(6, 12);

    assertArrayEquals(once, again);
    assertFalse(Arrays.equals(once, otherwise));
  }

  @Test
  void aRunThatStoppedGoesOnAsIfItHadNot() throws IOException {
    byte[] whole = trained(5, 12);

    TrainingState resumed = TrainingState.read(new ByteArrayInputStream(trained(5, 7)), model);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      while (resumed.step() < 12) {
        trainer.step(resumed, SmallModel.batch(resumed.step(), 6), null);
      }
    }

    assertArrayEquals(whole, bytes(resumed));
  }

  @Test
  void adaptersTakeTurnsWithoutTouchingEachOther() throws IOException {
    TrainingState first = TrainingState.fresh(model, LORA, OPTIMIZER, 5);
    TrainingState second = TrainingState.fresh(model, LORA, OPTIMIZER, 6);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      for (int step = 0; step < 4; step++) {
        trainer.step(first, SmallModel.batch(step, 6), null);
        trainer.step(second, SmallModel.batch(step, 6), null);
      }
    }

    assertArrayEquals(trained(5, 4), bytes(first));
    assertArrayEquals(trained(6, 4), bytes(second));
  }

  @Test
  void aSequenceOfWeightZeroDoesNotCountAndEqualWeightsChangeNothing() throws IOException {
    List<TokenizedExample> both = SmallModel.examples(3, 2);
    byte[] first = stepped(PackedBatch.of(both.subList(0, 1)), null);

    // Without dropout, the token's place in the batch makes no difference.
    assertClose(first, stepped(PackedBatch.of(both), new double[] {7, 0}));
    assertClose(
        stepped(PackedBatch.of(both), null), stepped(PackedBatch.of(both), new double[] {3, 3}));
  }

  private void assertClose(byte[] expected, byte[] actual) throws IOException {
    float[] left =
        TrainingState.read(new ByteArrayInputStream(expected), model)
            .adapter()
            .parameters()
            .flat()
            .toArray();
    float[] right =
        TrainingState.read(new ByteArrayInputStream(actual), model)
            .adapter()
            .parameters()
            .flat()
            .toArray();
    assertArrayEquals(left, right, 1e-6f);
  }

  private byte[] stepped(PackedBatch batch, double[] weights) throws IOException {
    // A large epsilon makes the first update proportional to the gradient.
    OptimizerConfig sgdLike =
        new OptimizerConfig(0.1, 0, 0.9, 0.999, 1.0, 0, Schedule.CONSTANT, 0, 0);
    LoraConfig plain = new LoraConfig(4, 8, 0, List.of("c_attn"));
    TrainingState state = TrainingState.fresh(model, plain, sgdLike, 1);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, plain)) {
      trainer.step(state, batch, weights);
      trainer.step(state, batch, weights);
    }
    return bytes(state);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void damagedWeightsStopTheStepAndLeaveTheStateAsItWas(float damage) throws IOException {
    BaseModel damaged =
        BaseModel.create(
            "damaged",
            SmallModel.CONFIG,
            (name, target) -> {
              new RandomWeights(SmallModel.CONFIG, 1).read(name, target);
              if (name.equals("transformer.h.1.mlp.c_fc.weight")) {
                target.set(5, damage);
              }
            },
            Nd4jKernels.create(2));
    TrainingState state = TrainingState.fresh(damaged, LORA, OPTIMIZER, 3);
    byte[] before = bytes(state);
    try (AdapterTrainer trainer = new AdapterTrainer(damaged, 200, LORA)) {

      TrainingDivergedException error =
          assertThrows(
              TrainingDivergedException.class,
              () -> trainer.step(state, SmallModel.batch(1, 8), null));

      assertEquals(1, error.step());
      assertTrue(error.getMessage().contains("step 1"), error.getMessage());
      assertEquals(IntStream.range(0, 8).boxed().toList(), error.sequences());
    }
    assertArrayEquals(before, bytes(state));
  }

  @Test
  void onlyTheSequencesWhoseLossIsNoNumberAreNamed() {
    BaseModel damaged =
        BaseModel.create(
            "damaged",
            SmallModel.CONFIG,
            (name, target) -> {
              new RandomWeights(SmallModel.CONFIG, 1).read(name, target);
              if (name.equals("transformer.wpe.weight")) {
                target.set(20, 0, Float.NaN);
              }
            },
            Nd4jKernels.create(2));
    TrainingState state = TrainingState.fresh(damaged, LORA, OPTIMIZER, 3);
    // Only the second and fourth are long enough to reach position 20.
    PackedBatch batch =
        PackedBatch.of(
            IntStream.of(5, 23, 20, 24, 2)
                .mapToObj(length -> TokenizedExample.text(new int[length]))
                .toList());
    try (AdapterTrainer trainer = new AdapterTrainer(damaged, 200, LORA)) {

      TrainingDivergedException error =
          assertThrows(TrainingDivergedException.class, () -> trainer.step(state, batch, null));

      assertEquals(List.of(1, 3), error.sequences());
      assertTrue(error.getMessage().contains("sequences [1, 3]"), error.getMessage());
    }
  }

  @Test
  void aWeightThatTheUpdateBlowsUpIsNoticedInThatStep() {
    OptimizerConfig absurd = OptimizerConfig.constant(1e39);
    TrainingState state = TrainingState.fresh(model, LORA, absurd, 3);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {

      TrainingDivergedException error =
          assertThrows(
              TrainingDivergedException.class,
              () -> trainer.step(state, SmallModel.batch(1, 8), null));

      assertTrue(error.getMessage().contains("weight is not finite"), error.getMessage());
      assertEquals(List.of(), error.sequences());
    }
  }

  @Test
  void aBatchOfMoreTokensThanPlannedIsPlannedForAndChangesNothing() throws IOException {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 5);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 10, LORA)) {
      while (state.step() < 12) {
        trainer.step(state, SmallModel.batch(state.step(), 6), null);
      }

      assertTrue(trainer.replans() > 0);
      assertTrue(trainer.replans() < 6, "grows by a quarter at least: " + trainer.replans());
    }
    assertArrayEquals(trained(5, 12), bytes(state));
  }

  @Test
  void recordsTheModelCannotTakeAreRefusedByReason() throws IOException {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 3);
    byte[] before = bytes(state);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      assertEquals("unknown_token", refusal(trainer, state, new int[] {3, 89}, new int[] {3, 4}));
      assertEquals("unknown_token", refusal(trainer, state, new int[] {3, -1}, new int[] {3, 4}));
      assertEquals("unknown_token", refusal(trainer, state, new int[] {3, 4}, new int[] {3, 89}));
      assertEquals("too_long", refusal(trainer, state, new int[25], new int[25]));
      assertEquals(
          "nothing_supervised", refusal(trainer, state, new int[] {3, 4}, new int[] {3, -100}));
    }
    assertArrayEquals(before, bytes(state));
  }

  private static String refusal(
      AdapterTrainer trainer, TrainingState state, int[] ids, int[] labels) {
    PackedBatch batch = PackedBatch.of(List.of(new TokenizedExample(ids, labels)));
    return assertThrows(BadRecordException.class, () -> trainer.step(state, batch, null)).reason();
  }

  @Test
  void misuseIsRefused() {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 3);
    PackedBatch batch = SmallModel.batch(1, 8);
    try (AdapterTrainer other =
            new AdapterTrainer(model, 200, new LoraConfig(2, 8, 0, List.of("c_attn")));
        AdapterTrainer fitting = new AdapterTrainer(model, 200, LORA)) {
      assertThrows(
          IllegalArgumentException.class, () -> fitting.step(state, new PackedBatch(9, 9), null));
      assertThrows(ConfigException.class, () -> other.step(state, batch, null));
      assertThrows(
          IllegalArgumentException.class, () -> fitting.step(state, batch, new double[] {1}));
      assertThrows(
          IllegalArgumentException.class,
          () -> fitting.step(state, batch, new double[] {1, 1, -1, 1, 1, 1, 1, 1}));
      assertThrows(BadRecordException.class, () -> fitting.step(state, batch, new double[8]));
    }
    assertEquals(0, state.step());
  }

  @Test
  void aCopyOfTheAdapterStaysBehind() {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, 3);
    var copy = state.adapter().copy();
    float[] before = copy.parameters().flat().toArray();
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      trainer.step(state, SmallModel.batch(1, 8), null);
    }

    assertArrayEquals(before, copy.parameters().flat().toArray());
    assertNotEquals(
        Arrays.hashCode(before), Arrays.hashCode(state.adapter().parameters().flat().toArray()));
  }

  private byte[] trained(long seed, int steps) throws IOException {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, seed);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 200, LORA)) {
      while (state.step() < steps) {
        trainer.step(state, SmallModel.batch(state.step(), 6), null);
      }
    }
    return bytes(state);
  }

  private static byte[] bytes(TrainingState state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    state.write(out);
    return out.toByteArray();
  }
}
