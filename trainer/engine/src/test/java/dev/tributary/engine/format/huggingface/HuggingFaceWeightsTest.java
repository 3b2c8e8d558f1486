package dev.tributary.engine.format.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.model.StoredRows;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceWeightsTest {

  @TempDir Path directory;

  private final TensorArena arena = TensorArena.shared();

  @ParameterizedTest
  @CsvSource({
    "transformer.ln_f.bias, transformer.ln_f.bias",
    "transformer.ln_f.bias, ln_f.bias",
    "model.norm.weight, norm.weight",
    "bert.embeddings.LayerNorm.weight, embeddings.LayerNorm.weight",
    "bert.embeddings.LayerNorm.weight, bert.embeddings.LayerNorm.gamma",
    "bert.embeddings.LayerNorm.bias, embeddings.LayerNorm.beta",
    "classifier.bias, classifier.bias",
  })
  void readsTensorsByEveryNameTheyWereSavedUnder(String name, String stored) {
    // given
    save("model.safetensors", stored, 1, 2);
    Tensor target = arena.vector(2);
    // when
    try (var weights = HuggingFaceWeights.open(directory)) {
      weights.read(name, target);
      // then
      assertTrue(weights.contains(name));
      assertFalse(weights.contains(name + "x"));
    }
    assertEquals(2, target.get(1));
  }

  @Test
  void mapsFloat32WhereItLies() {
    // given
    save("model.safetensors", "norm.weight", 1, 2);
    // when
    Tensor mapped;
    try (var weights = HuggingFaceWeights.open(directory)) {
      mapped = weights.mapped("model.norm.weight", 1, 2).orElseThrow();
      assertThrows(CorruptArtifactException.class, () -> weights.mapped("model.norm.weight", 1, 3));
    }
    // then it outlives the file
    assertEquals(2, mapped.get(1));
    assertTrue(mapped.memory().isReadOnly());
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F16", "BF16"})
  void copiesWeightsOf16Bits(Dtype dtype) {
    // given
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        Map.of("w", TensorData.of(new float[] {1, -2, 0.5f, 4}, 2, 2)),
        Map.of(),
        dtype);
    Tensor target = arena.tensor(2, 2);
    // when
    try (var weights = HuggingFaceWeights.open(directory)) {
      assertEquals(Optional.empty(), weights.mapped("w", 2, 2));
      weights.read("w", target);
    }
    // then
    assertArrayEquals(new float[] {1, -2, 0.5f, 4}, target.toArray());
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      names = {"F32", "F16", "BF16"})
  void readsRowsWhereTheyLie(Dtype dtype) {
    // given
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        Map.of("w", TensorData.of(new float[] {1, -2, 0.5f, 4, -0.25f, 3}, 3, 2)),
        Map.of(),
        dtype);
    Tensor target = arena.tensor(3, 2);
    // when
    StoredRows stored;
    try (var weights = HuggingFaceWeights.open(directory)) {
      stored = weights.stored("w", 3, 2).orElseThrow();
      assertThrows(CorruptArtifactException.class, () -> weights.stored("w", 2, 3));
    }
    stored.read(new int[] {2, 0, 2}, target);
    // then they outlive the file
    assertArrayEquals(new float[] {-0.25f, 3, 1, -2, -0.25f, 3}, target.toArray());
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
