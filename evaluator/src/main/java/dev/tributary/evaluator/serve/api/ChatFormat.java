package dev.tributary.evaluator.serve.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** {@code chat.completion}: a message, or its deltas. */
final class ChatFormat extends AnswerFormat {

  ChatFormat() {
    super("chat.completion", "chat.completion.chunk");
  }

  @Override
  String idPrefix() {
    return "chatcmpl-";
  }

  @Override
  void putWhole(Map<String, Object> choice, String text) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", "assistant");
    message.put("content", text);
    message.put("refusal", null);
    choice.put("message", message);
  }

  @Override
  Optional<Map<String, Object>> opening() {
    Map<String, Object> delta = new LinkedHashMap<>();
    delta.put("role", "assistant");
    delta.put("content", "");
    return Optional.of(Map.of("delta", delta));
  }

  @Override
  void putPiece(Map<String, Object> choice, String textOrNull) {
    choice.put("delta", textOrNull == null ? Map.of() : Map.of("content", textOrNull));
  }
}
