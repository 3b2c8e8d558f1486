package dev.tributary.engine.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.engine.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsWriterTest {

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"float32,F32", "float16,F16", "bfloat16,BF16"})
  void writesTheSameBytesAsHuggingFace(String golden, Dtype dtype) throws IOException {
    // given
    Path theirs = Golden.path("safetensors/" + golden + ".safetensors");
    Map<String, TensorData> tensors = new HashMap<>();
    try (var file = SafetensorsFile.open(theirs)) {
      file.names().forEach(name -> tensors.put(name, file.read(name)));
    }
    // when
    Path ours = directory.resolve("ours.safetensors");
    SafetensorsWriter.write(ours, tensors, Map.of("format", "pt"), dtype);
    // then
    assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours));
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F32", "F16", "BF16"})
  void readsBackWhatItWroteUpToTheTypesPrecision(Dtype dtype) {
    // given more values than one chunk
    var random = new SplittableRandom(3);
    float[] values = new float[70_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Path path = directory.resolve("x.safetensors");
    // when
    SafetensorsWriter.write(
        path, Map.of("x", TensorData.of(values, values.length)), Map.of(), dtype);
    // then
    float precision = dtype == Dtype.F32 ? 0 : dtype == Dtype.F16 ? 1f / 1024 : 1f / 128;
    try (var file = SafetensorsFile.open(path)) {
      float[] read = file.read("x").values();
      for (int i = 0; i < values.length; i++) {
        assertEquals(values[i], read[i], Math.abs(values[i]) * precision + 1e-7);
      }
    }
  }
}
