package dev.tributary.engine.tokenizer;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Bounded reading of the small JSON files beside a model's weights. */
final class TokenizerFile {

  /** Largest vocabularies in use (250,000 entries with merges) stay well below. */
  private static final long MAX_BYTES = 64L << 20;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private TokenizerFile() {}

  /** The object in a file that must be there. */
  static ObjectNode required(Path file) {
    return optional(file)
        .orElseThrow(
            () ->
                new ConfigException(
                    file
                        + " does not exist; a model directory needs tokenizer.json for text (data given as input_ids needs none)"));
  }

  /** The object in a file, if there is such a file. */
  static Optional<ObjectNode> optional(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new CorruptArtifactException(
            file, "%d bytes; at most %d are read".formatted(Files.size(file), MAX_BYTES));
      }
      JsonNode tree = MAPPER.readTree(Files.readAllBytes(file));
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

  /** A token as tokenizer_config.json writes it: a string, or an object with its {@code content}. */
  static Optional<String> tokenText(JsonNode node) {
    if (node != null && node.isObject()) {
      return tokenText(node.get("content"));
    }
    return node != null && node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }
}
