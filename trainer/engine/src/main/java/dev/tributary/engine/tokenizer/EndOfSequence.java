package dev.tributary.engine.tokenizer;

import dev.tributary.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Where a model directory says which token ends an answer: the tokenizer's word first, then the
 * model's.
 */
final class EndOfSequence {

  private EndOfSequence() {}

  static Optional<Integer> find(Path modelDirectory, SpecialTokens special) {
    Optional<Integer> named =
        JsonFile.read(modelDirectory.resolve("tokenizer_config.json"))
            .flatMap(json -> text(json.path("eos_token")))
            .flatMap(special::id);
    return named
        .or(() -> numbered(modelDirectory.resolve("generation_config.json")))
        .or(() -> numbered(modelDirectory.resolve("config.json")));
  }

  private static Optional<Integer> numbered(Path file) {
    return JsonFile.read(file)
        .map(json -> json.path("eos_token_id"))
        .map(node -> node.isArray() ? node.path(0) : node)
        .filter(JsonNode::isInt)
        .map(JsonNode::intValue);
  }

  /**
   * A token as tokenizer_config.json writes it: a string, or an object with its {@code content}.
   */
  static Optional<String> text(JsonNode node) {
    JsonNode token = node.isObject() ? node.path("content") : node;
    return token.isString() ? Optional.of(token.stringValue()) : Optional.empty();
  }
}
