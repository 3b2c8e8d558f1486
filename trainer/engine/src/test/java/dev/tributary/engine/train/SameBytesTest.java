package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two runs of the fast kernels end in the same bytes, also if one stops and goes on. */
class SameBytesTest {

  private static final ModelConfig CONFIG = ModelConfig.gpt2(311, 64, 128, 2, 4);
  private static final LoraConfig LORA =
      new LoraConfig(8, 32, 0.1, List.of("c_attn", "mlp.c_proj"));
  private static final int STEPS = 6;

  @ParameterizedTest
  @EnumSource(Precision.class)
  void theSameSeedGivesTheSameBytes(Precision precision) throws IOException {
    byte[] first = trained(model(precision), 7, STEPS);
    byte[] again = trained(model(precision), 7, STEPS);
    byte[] otherSeed = trained(model(precision), 8, STEPS);

    assertArrayEquals(first, again);
    assertFalse(Arrays.equals(first, otherSeed));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void whatStopsAndGoesOnEndsInTheSameBytes(Precision precision) throws IOException {
    BaseModel model = model(precision);
    byte[] half = trained(model, 7, STEPS / 2);

    TrainingState resumed = TrainingState.read(new ByteArrayInputStream(half), model(precision));

    assertArrayEquals(trained(model, 7, STEPS), steps(model, resumed, STEPS / 2, STEPS));
  }

  private static BaseModel model(Precision precision) {
    return BaseModel.create("wide", CONFIG, new RandomWeights(CONFIG, 1), kernels(precision));
  }

  private static Kernels kernels(Precision precision) {
    try {
      return OneDnnKernels.create(2, precision);
    } catch (UnsupportedOperationException e) {
      return Assumptions.abort(e.getMessage());
    }
  }

  private static byte[] trained(BaseModel model, long seed, int steps) throws IOException {
    TrainingState state = TrainingState.fresh(model, LORA, OptimizerConfig.constant(0.01), seed);
    return steps(model, state, 0, steps);
  }

  private static byte[] steps(BaseModel model, TrainingState state, int from, int to)
      throws IOException {
    try (AdapterTrainer trainer = new AdapterTrainer(model, 300, LORA)) {
      for (int step = from; step < to; step++) {
        trainer.step(state, batch(step), null);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    state.write(bytes);
    return bytes.toByteArray();
  }

  /** Another number of tokens in every step. */
  private static PackedBatch batch(int step) {
    SplittableRandom random = new SplittableRandom(step);
    return PackedBatch.of(
        List.of(
            TokenizedExample.text(random.ints(40 + step, 0, CONFIG.vocabularySize()).toArray()),
            TokenizedExample.text(random.ints(64, 0, CONFIG.vocabularySize()).toArray()),
            TokenizedExample.text(random.ints(5, 0, CONFIG.vocabularySize()).toArray())));
  }
}
