package dev.tributary.engine.format;

import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The small JSON files beside weights: bounded and strict on the way in, laid out as Python's
 * {@code indent=2} on the way out.
 */
public final class JsonFile {

  /** Largest files in use (a tokenizer with 250,000 entries and its merges) stay well below. */
  private static final long MAX_BYTES = 64L << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonFile() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /**
   * The object in a file, or empty if there is no such file.
   *
   * @throws CorruptArtifactException if it is too large, not JSON, or no object
   */
  public static Optional<ObjectNode> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CorruptArtifactException(
            file, "%d bytes; at most %d are read".formatted(Files.size(file), MAX_BYTES));
      }
      JsonNode tree = MAPPER.readTree(Files.readString(file));
      if (tree instanceof ObjectNode object) {
        return Optional.of(object);
      }
      throw new CorruptArtifactException(file, "is not a JSON object");
    } catch (JacksonException e) {
      throw new CorruptArtifactException(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new CorruptArtifactException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  public static void write(Path file, ObjectNode json) {
    try {
      WholeFile.write(file, path -> Files.writeString(path, text(json)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** Indented by two, one list entry a line, as the Hugging Face libraries write it. */
  private static String text(ObjectNode json) {
    var indenter = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEmptySeparator("")
                    .withArrayEmptySeparator(""))
            .withObjectIndenter(indenter)
            .withArrayIndenter(indenter);
    return MAPPER.writer().with(printer).writeValueAsString(json);
  }
}
