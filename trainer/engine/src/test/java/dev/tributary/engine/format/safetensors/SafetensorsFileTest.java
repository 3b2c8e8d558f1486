package dev.tributary.engine.format.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.Golden;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SafetensorsFileTest {

  private static final String ONE = "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float16", "bfloat16"})
  void readsWhatHuggingFaceWrites(String dtype) {
    // given
    JsonNode expected = Golden.object("safetensors/" + dtype + ".json");
    // when
    try (var file = SafetensorsFile.open(Golden.path("safetensors/" + dtype + ".safetensors"))) {
      // then
      assertEquals(Map.of("format", "pt"), file.metadata());
      assertArrayEquals(new int[] {2, 3}, file.read("b.weight").shape());
      for (String name : file.names()) {
        float[] values = file.read(name).values();
        assertEquals(expected.path(name).size(), values.length);
        for (int i = 0; i < values.length; i++) {
          assertEquals((float) expected.path(name).get(i).doubleValue(), values[i], name);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}}"
            + " | 8 | b | overlaps",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}}"
            + " | 12 | b | hole",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,8]}} | 8 | a | hole",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}} | 9 | file | 5 trailing",
        "{'a':{'dtype':'F32','shape':[4],'data_offsets':[0,16]}} | 8 | a | truncated",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[4,0]}} | 4 | a | before its begin",
        "{'a':{'dtype':'F32','shape':[4294967296,4294967296],'data_offsets':[0,4]}} | 4 | a |"
            + " overflows",
        "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 8 | a | 12 bytes",
        "{'a':{'dtype':'F31','shape':[1],'data_offsets':[0,4]}} | 4 | a | unknown dtype",
        "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,4]}} | 4 | a | shape",
        "{'a':{'dtype':'F32','shape':[1.5],'data_offsets':[0,4]}} | 4 | a | shape",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,99999999999999999999]}} | 4 | a |"
            + " data_offsets",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0]}} | 4 | a | data_offsets",
        "{'a':{'dtype':'F32','shape':'x','data_offsets':[0,4]}} | 4 | a | shape",
        "{'a':7} | 4 | a | dtype",
        "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}"
            + " | 4 | file | not JSON",
        "{'__metadata__':{'x':1}} | 0 | file | __metadata__.x",
        "{'a':{ | 0 | file | not JSON",
        "['a'] | 0 | file | does not start with",
        " | 0 | file | does not start with",
      })
  void refusesUnsoundHeaders(String header, int dataBytes, String tensor, String complaint)
      throws IOException {
    // given
    Path file = write(header == null ? "" : header, dataBytes);
    // when
    var error = assertThrows(CorruptArtifactException.class, () -> SafetensorsFile.open(file));
    // then
    assertTrue(error.getMessage().startsWith(file + ": "), error.getMessage());
    assertTrue(error.getMessage().contains(complaint), error.getMessage());
    assertEquals(!tensor.equals("file"), error.getMessage().contains("tensor '" + tensor + "'"));
  }

  @Test
  void refusesWhatIsTooShort() throws IOException {
    Path file = Files.write(directory.resolve("x.safetensors"), new byte[7]);
    assertThrows(CorruptArtifactException.class, () -> SafetensorsFile.open(file));
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 100_000_001, 16L << 30})
  void refusesHeadersThatClaimTooMuch(long headerBytes) throws IOException {
    // given
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN).putLong(headerBytes);
    Path file = Files.write(directory.resolve("x.safetensors"), bytes.array());
    // when, then
    var error = assertThrows(CorruptArtifactException.class, () -> SafetensorsFile.open(file));
    assertTrue(error.getMessage().contains("at most 100000000"), error.getMessage());
  }

  @Test
  void refusesHeadersLongerThanTheFileOrTheLimit() throws IOException {
    // given
    Path file = write(ONE, 8);
    byte[] bytes = Files.readAllBytes(file);
    Path cut = Files.write(directory.resolve("cut.safetensors"), Arrays.copyOf(bytes, 20));
    // then
    assertTrue(
        assertThrows(CorruptArtifactException.class, () -> SafetensorsFile.open(cut))
            .getMessage()
            .contains("truncated"));
    assertThrows(CorruptArtifactException.class, () -> SafetensorsFile.open(file, 10));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWeightsThatAreNotFinite(float bad) {
    // given
    Path path = directory.resolve("x.safetensors");
    SafetensorsWriter.write(
        path, Map.of("w", TensorData.of(new float[] {1, bad}, 2)), Map.of(), Dtype.BF16);
    // when
    try (var file = SafetensorsFile.open(path)) {
      var error = assertThrows(CorruptArtifactException.class, () -> file.read("w"));
      // then
      assertTrue(error.getMessage().contains("tensor 'w'"), error.getMessage());
      assertTrue(error.getMessage().contains("index 1"), error.getMessage());
    }
  }

  @Test
  void findsWhatIsNotFiniteBehindTheFirstChunk() {
    // given more elements than are read at a time
    int elements = 300_001;
    float[] values = new float[elements];
    values[elements - 1] = Float.NaN;
    Path path = directory.resolve("x.safetensors");
    SafetensorsWriter.write(
        path, Map.of("w", TensorData.of(values, elements)), Map.of(), Dtype.F32);
    // when
    try (var file = SafetensorsFile.open(path)) {
      var read = assertThrows(CorruptArtifactException.class, () -> file.read("w"));
      var mapped = assertThrows(CorruptArtifactException.class, () -> file.map("w"));
      // then
      assertTrue(read.getMessage().contains("holds NaN at index 300000"), read.getMessage());
      assertEquals(read.getMessage(), mapped.getMessage());
    }
  }

  @Test
  void mapsFloat32OnlyWhereItCanBeRead() throws IOException {
    // given the same tensor behind headers of a length that is a multiple of four, and not
    String odd = ONE.length() % 4 == 0 ? ONE + " " : ONE;
    String even = ONE + " ".repeat((4 - ONE.length() % 4) % 4);
    // when, then
    try (var file = SafetensorsFile.open(write(even, 8))) {
      assertEquals(8, file.map("w").orElseThrow().byteSize());
    }
    try (var file = SafetensorsFile.open(write(odd, 8))) {
      assertEquals(Optional.empty(), file.map("w"));
      assertArrayEquals(new float[2], file.read("w").values());
    }
  }

  @Test
  void noticesAFileThatWasCutWhileOpen() throws IOException {
    Path path = write(ONE, 8);
    try (var file = SafetensorsFile.open(path)) {
      Files.write(path, Arrays.copyOf(Files.readAllBytes(path), ONE.length() + 10));
      var error = assertThrows(CorruptArtifactException.class, () -> file.read("w"));
      assertTrue(error.getMessage().contains("ends inside tensor 'w'"), error.getMessage());
    }
  }

  @Test
  void refusesTypesThatAreNoWeights() throws IOException {
    try (var file =
        SafetensorsFile.open(write("{'w':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}", 8))) {
      assertThrows(CorruptArtifactException.class, () -> file.read("w"));
      assertThrows(CorruptArtifactException.class, () -> file.read("missing"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "model.pt", "x.pth", "x.ckpt"})
  void neverOpensPickles(String name) {
    var error =
        assertThrows(ConfigException.class, () -> SafetensorsFile.open(directory.resolve(name)));
    assertTrue(error.getMessage().contains("convert it to safetensors"), error.getMessage());
  }

  @Test
  void followsNoSymbolicLinks() throws IOException {
    Path link =
        Files.createSymbolicLink(
            directory.resolve("link.safetensors"), write(ONE, 8).toAbsolutePath());
    assertThrows(ConfigException.class, () -> SafetensorsFile.open(link));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void answersAnyDamageWithATypedError(long seed) throws IOException {
    // given a sound file with some bytes changed or the end cut off
    byte[] sound = Files.readAllBytes(write(ONE, 8));
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] bytes = Arrays.copyOf(sound, sound.length - random.nextInt(3));
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(directory.resolve("fuzz.safetensors"), bytes);
      // when, then
      try (var opened = SafetensorsFile.open(file)) {
        for (String name : opened.names()) {
          opened.read(name);
        }
      } catch (TributaryException expected) {
        assertTrue(expected.getMessage().contains("fuzz.safetensors"));
      }
    }
  }

  private Path write(String header, int dataBytes) throws IOException {
    byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(text.length).put(text);
    return Files.write(directory.resolve("x.safetensors"), bytes.array());
  }
}
