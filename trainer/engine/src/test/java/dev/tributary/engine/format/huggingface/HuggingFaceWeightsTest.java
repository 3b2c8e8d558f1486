package dev.tributary.engine.format.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceWeightsTest {

  @TempDir Path directory;

  private final TensorArena arena = TensorArena.shared();

  @ParameterizedTest
  @ValueSource(strings = {"transformer.ln_f.bias", "ln_f.bias"})
  void readsTensorsSavedWithOrWithoutTheHeadsPrefix(String stored) {
    // given
    save("model.safetensors", stored, 1, 2);
    Tensor target = arena.vector(2);
    // when
    try (var weights = HuggingFaceWeights.open(directory)) {
      weights.read("transformer.ln_f.bias", target);
    }
    // then
    assertEquals(2, target.get(1));
  }

  @Test
  void namesTensorAndShapesOnAMismatch() {
    // given
    save("model.safetensors", "transformer.ln_f.bias", 1, 2, 3);
    // when
    try (var weights = HuggingFaceWeights.open(directory)) {
      var shape =
          assertThrows(
              CorruptArtifactException.class,
              () -> weights.read("transformer.ln_f.bias", arena.vector(2)));
      var missing =
          assertThrows(
              CorruptArtifactException.class,
              () -> weights.read("transformer.wte.weight", arena.vector(2)));
      // then
      assertTrue(shape.getMessage().contains("model.safetensors"), shape.getMessage());
      assertTrue(
          shape.getMessage().contains("'transformer.ln_f.bias' has the shape [3]"),
          shape.getMessage());
      assertTrue(
          missing.getMessage().contains("'transformer.wte.weight' is missing"),
          missing.getMessage());
    }
  }

  @Test
  void readsShards() throws IOException {
    // given
    save("model-00001-of-00002.safetensors", "ln_f.bias", 1, 2);
    save("model-00002-of-00002.safetensors", "ln_f.weight", 3, 4);
    index("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    Tensor target = arena.vector(2);
    // when
    try (var weights = HuggingFaceWeights.open(directory)) {
      weights.read("transformer.ln_f.weight", target);
    }
    // then
    assertEquals(4, target.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../x.safetensors",
        "/etc/x.safetensors",
        "a/b.safetensors",
        "x.bin",
        "",
        "..\\\\x.safetensors"
      })
  void refusesShardsElsewhere(String shard) throws IOException {
    index(shard);
    var error = assertThrows(ConfigException.class, () -> HuggingFaceWeights.open(directory));
    assertTrue(error.getMessage().contains("shard"), error.getMessage());
  }

  @Test
  void refusesShardsThatAreSymbolicLinks() throws IOException {
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    SafetensorsWriter.write(
        elsewhere.resolve("x.safetensors"),
        Map.of("a", TensorData.of(new float[1], 1)),
        Map.of(),
        Dtype.F32);
    Files.createSymbolicLink(
        directory.resolve("s.safetensors"), elsewhere.resolve("x.safetensors"));
    index("s.safetensors");
    assertThrows(ConfigException.class, () -> HuggingFaceWeights.open(directory));
  }

  @Test
  void neverOpensAPickle() throws IOException {
    Files.write(directory.resolve("pytorch_model.bin"), new byte[] {(byte) 0x80, 2});
    var error = assertThrows(ConfigException.class, () -> HuggingFaceWeights.open(directory));
    assertTrue(error.getMessage().contains("convert"), error.getMessage());
  }

  private void save(String file, String tensor, float... values) {
    SafetensorsWriter.write(
        directory.resolve(file),
        Map.of(tensor, TensorData.of(values, values.length)),
        Map.of(),
        Dtype.F32);
  }

  private void index(String... shards) throws IOException {
    StringBuilder map = new StringBuilder();
    for (String shard : shards) {
      map.append(map.isEmpty() ? "" : ",")
          .append("\"t")
          .append(map.length())
          .append("\":\"")
          .append(shard)
          .append('"');
    }
    Files.writeString(
        directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{" + map + "}}");
  }
}
