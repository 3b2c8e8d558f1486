package dev.tributary.engine.tokenizer;

import dev.tributary.foundation.error.CorruptArtifactException;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * Looks at the patterns of a tokenizer.json before they reach native code, where a catastrophic one
 * aborts the process.
 */
final class RegexVetting {

  private RegexVetting() {}

  static void check(JsonNode json, Path file) {
    JsonNode pattern = json.get("Regex");
    if (pattern != null && pattern.isString()) {
      PatternShape.complaint(pattern.stringValue())
          .ifPresent(
              why -> {
                throw new CorruptArtifactException(
                    file, "the pattern '%s' is refused: %s".formatted(pattern.stringValue(), why));
              });
    }
    for (JsonNode child : json) {
      if (child.isContainer()) {
        check(child, file);
      }
    }
  }
}
