package dev.tributary.evaluator.serve.api;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** {@code text_completion}: text, whole or in pieces. */
final class CompletionFormat extends AnswerFormat {

  CompletionFormat() {
    super("text_completion", "text_completion");
  }

  @Override
  String idPrefix() {
    return "cmpl-";
  }

  @Override
  void putWhole(Map<String, Object> choice, String text) {
    choice.put("text", text);
  }

  @Override
  Optional<Map<String, Object>> opening() {
    return Optional.empty();
  }

  @Override
  void putPiece(Map<String, Object> choice, String textOrNull) {
    choice.put("text", Objects.requireNonNullElse(textOrNull, ""));
  }
}
