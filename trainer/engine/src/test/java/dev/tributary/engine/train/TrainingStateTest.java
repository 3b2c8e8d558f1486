package dev.tributary.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingStateTest {

  private static final LoraConfig LORA = new LoraConfig(2, 4, 0.1, List.of("c_attn"), true);
  private static final OptimizerConfig OPTIMIZER =
      new OptimizerConfig(0.01, 0.1, 0.8, 0.95, 1e-7, 2, Schedule.COSINE, 3, 90);

  private final BaseModel model = SmallModel.create(new ReferenceKernels());

  @Test
  void readsWhatItWrote() throws IOException {
    TrainingState state = trained();

    TrainingState read = read(bytes(state));

    assertEquals(2, read.step());
    assertEquals(-7, read.seed());
    assertEquals(OPTIMIZER, read.optimizer());
    assertEquals(LORA, read.adapter().config());
    assertArrayEquals(
        state.adapter().parameters().flat().toArray(),
        read.adapter().parameters().flat().toArray());
    assertArrayEquals(bytes(state), bytes(read));
  }

  @Test
  void everyFlippedByteIsNoticed() throws IOException {
    byte[] bytes = bytes(trained());
    // Every byte of the header, and then one here and there.
    for (int i = 0; i < bytes.length; i += i < 600 ? 1 : 97) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 0x10;
      assertThrows(CorruptArtifactException.class, () -> read(damaged), "byte " + i);
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] bytes = bytes(trained());
    for (int length = 0; length < bytes.length; length += length < 300 ? 1 : 89) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(CorruptArtifactException.class, () -> read(cut), "length " + length);
    }
  }

  @Test
  void aStateOfAnotherBaseModelIsRefusedByName() throws IOException {
    byte[] bytes = bytes(trained());
    BaseModel other =
        BaseModel.create(
            "other",
            SmallModel.CONFIG,
            new RandomWeights(SmallModel.CONFIG, 2),
            new ReferenceKernels());

    CorruptArtifactException error =
        assertThrows(
            CorruptArtifactException.class,
            () -> TrainingState.read(new ByteArrayInputStream(bytes), other));

    assertTrue(error.getMessage().contains("another base model"), error.getMessage());
  }

  private TrainingState trained() {
    TrainingState state = TrainingState.fresh(model, LORA, OPTIMIZER, -7);
    try (AdapterTrainer trainer = new AdapterTrainer(model, 60, LORA)) {
      trainer.step(state, SmallModel.batch(1, 2), null);
      trainer.step(state, SmallModel.batch(2, 2), null);
    }
    return state;
  }

  private TrainingState read(byte[] bytes) throws IOException {
    return TrainingState.read(new ByteArrayInputStream(bytes), model);
  }

  private static byte[] bytes(TrainingState state) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    state.write(out);
    return out.toByteArray();
  }
}
