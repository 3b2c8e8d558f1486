package dev.tributary.engine.format.safetensors;

import dev.tributary.foundation.error.CorruptArtifactException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and distrusts a safetensors header: every tensor has a known type, a shape that fills its
 * bytes exactly, and together they cover the data without overlap, hole or rest. (Format:
 * github.com/huggingface/safetensors, "Format".)
 */
final class SafetensorsHeader {

  private static final String METADATA = "__metadata__";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Path file;

  private SafetensorsHeader(Path file) {
    this.file = file;
  }

  /** What a header says. */
  record Parsed(Map<String, TensorEntry> entries, Map<String, String> metadata) {}

  static Parsed parse(Path file, byte[] header, long dataBytes) {
    return new SafetensorsHeader(file).parse(header, dataBytes);
  }

  private Parsed parse(byte[] header, long dataBytes) {
    if (header.length == 0 || header[0] != '{') {
      throw corrupt("the header does not start with '{'");
    }
    Map<String, TensorEntry> entries = new TreeMap<>();
    Map<String, String> metadata = new TreeMap<>();
    for (Map.Entry<String, JsonNode> property : json(header).properties()) {
      if (property.getKey().equals(METADATA)) {
        metadata(property.getValue(), metadata);
      } else {
        entries.put(property.getKey(), entry(property.getKey(), property.getValue()));
      }
    }
    requireCover(entries, dataBytes);
    return new Parsed(entries, metadata);
  }

  private JsonNode json(byte[] header) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
      JsonNode json = MAPPER.readTree(text.stripTrailing());
      if (!json.isObject()) {
        throw corrupt("the header is not a JSON object");
      }
      return json;
    } catch (CharacterCodingException e) {
      throw new CorruptArtifactException(file, "the header is not UTF-8", e);
    } catch (JacksonException e) {
      throw new CorruptArtifactException(
          file, "the header is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private void metadata(JsonNode node, Map<String, String> metadata) {
    for (Map.Entry<String, JsonNode> property : node.properties()) {
      if (!property.getValue().isString()) {
        throw corrupt("__metadata__.%s is not a string".formatted(property.getKey()));
      }
      metadata.put(property.getKey(), property.getValue().stringValue());
    }
  }

  private TensorEntry entry(String name, JsonNode node) {
    String typeName = node.path("dtype").asString("");
    Dtype dtype =
        Dtype.named(typeName)
            .orElseThrow(() -> corrupt(name, "unknown dtype '%s'".formatted(typeName)));
    long[] shape = integers(name, "shape", node.path("shape"));
    long[] offsets = integers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.length != 2) {
      throw corrupt(name, "data_offsets needs a begin and an end");
    }
    if (offsets[1] < offsets[0]) {
      throw corrupt(name, "ends at %d, before its begin %d".formatted(offsets[1], offsets[0]));
    }
    long needed = bytes(name, shape, dtype);
    if (offsets[1] - offsets[0] != needed) {
      throw corrupt(
          name,
          "its shape and dtype need %d bytes, its offsets give %d"
              .formatted(needed, offsets[1] - offsets[0]));
    }
    return new TensorEntry(name, dtype, shape, offsets[0], offsets[1]);
  }

  private long[] integers(String name, String field, JsonNode node) {
    if (!node.isArray()) {
      throw corrupt(name, field + " is not a list");
    }
    long[] values = new long[node.size()];
    for (int i = 0; i < values.length; i++) {
      JsonNode value = node.get(i);
      if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
        throw corrupt(name, "%s holds %s, not a whole number from 0 up".formatted(field, value));
      }
      values[i] = value.longValue();
    }
    return values;
  }

  private long bytes(String name, long[] shape, Dtype dtype) {
    try {
      long bytes = dtype.bytes();
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
      return bytes;
    } catch (ArithmeticException e) {
      throw corrupt(name, "its shape overflows");
    }
  }

  private void requireCover(Map<String, TensorEntry> entries, long dataBytes) {
    List<TensorEntry> ordered =
        entries.values().stream()
            .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end))
            .toList();
    long covered = 0;
    for (TensorEntry entry : ordered) {
      if (entry.begin() < covered) {
        throw corrupt(entry.name(), "overlaps the tensor before it at byte " + entry.begin());
      }
      if (entry.begin() > covered) {
        throw corrupt(
            entry.name(),
            "leaves a hole: bytes %d to %d belong to no tensor".formatted(covered, entry.begin()));
      }
      if (entry.end() > dataBytes) {
        throw corrupt(
            entry.name(),
            "ends at byte %d, the file has only %d bytes of data (truncated?)"
                .formatted(entry.end(), dataBytes));
      }
      covered = entry.end();
    }
    if (covered != dataBytes) {
      throw corrupt("%d trailing bytes after the last tensor".formatted(dataBytes - covered));
    }
  }

  private CorruptArtifactException corrupt(String detail) {
    return new CorruptArtifactException(file, detail);
  }

  private CorruptArtifactException corrupt(String tensor, String detail) {
    return new CorruptArtifactException(file, "tensor '%s': %s".formatted(tensor, detail));
  }
}
