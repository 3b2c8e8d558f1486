package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.FinishReason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The JSON of one route's answers, whole or in pieces, member by member as OpenAI writes them. */
abstract class AnswerFormat {

  private final String wholeObject;
  private final String pieceObject;

  AnswerFormat(String wholeObject, String pieceObject) {
    this.wholeObject = wholeObject;
    this.pieceObject = pieceObject;
  }

  /** What the id of an answer begins with. */
  abstract String idPrefix();

  /** The member of a whole choice that holds its text. */
  abstract void putWhole(Map<String, Object> choice, String text);

  /** The member of a piece that says a choice begins; empty if this format has no such piece. */
  abstract Optional<Map<String, Object>> opening();

  /** The member of a piece that holds more text; null text for the last one. */
  abstract void putPiece(Map<String, Object> choice, String textOrNull);

  /** The whole answer. */
  Map<String, Object> whole(AnswerHead head, List<Choice> choices, Usage usage) {
    List<Map<String, Object>> bodies = new ArrayList<>();
    for (Choice choice : choices) {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("index", choice.index());
      putWhole(body, choice.text());
      finish(body, choice.reason());
      bodies.add(body);
    }
    Map<String, Object> body = envelope(wholeObject, head, bodies);
    body.put("usage", usage.body());
    return body;
  }

  /** The piece that begins a choice. */
  Optional<Map<String, Object>> openingChunk(AnswerHead head, int choice) {
    return opening().map(member -> chunk(head, choice, member, null));
  }

  /** A piece of text. */
  Map<String, Object> textChunk(AnswerHead head, int choice, String text) {
    Map<String, Object> member = new LinkedHashMap<>();
    putPiece(member, text);
    return chunk(head, choice, member, null);
  }

  /** The piece that ends a choice. */
  Map<String, Object> finishChunk(AnswerHead head, int choice, FinishReason reason) {
    Map<String, Object> member = new LinkedHashMap<>();
    putPiece(member, null);
    return chunk(head, choice, member, reason);
  }

  /** The last piece, if the client asked for it: no choice, only the usage. */
  Map<String, Object> usageChunk(AnswerHead head, Usage usage) {
    Map<String, Object> body = envelope(pieceObject, head, List.of());
    body.put("usage", usage.body());
    return body;
  }

  private Map<String, Object> chunk(
      AnswerHead head, int choice, Map<String, Object> member, FinishReason reason) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("index", choice);
    body.putAll(member);
    finish(body, reason);
    return envelope(pieceObject, head, List.of(body));
  }

  private static void finish(Map<String, Object> choice, FinishReason reason) {
    choice.put("logprobs", null);
    choice.put("finish_reason", reason == null ? null : reason.wireName());
  }

  private static Map<String, Object> envelope(
      String object, AnswerHead head, List<Map<String, Object>> choices) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", head.id());
    body.put("object", object);
    body.put("created", head.created());
    body.put("model", head.model());
    body.put("choices", choices);
    return body;
  }
}
