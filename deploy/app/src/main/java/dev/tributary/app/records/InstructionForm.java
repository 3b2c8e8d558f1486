package dev.tributary.app.records;

import dev.tributary.foundation.error.BadRecordException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns a record of any form the field uses into the body of {@code POST /v1/instructions}: our own
 * forms, OpenAI's {@code messages}, Alpaca's {@code instruction/input/output} (with {@code system}
 * and {@code history}), ShareGPT's {@code conversations}, TRL's {@code prompt/completion}, and
 * {@code text/category}.
 */
public final class InstructionForm {

  private static final JsonMapper JSON = new JsonMapper();

  /** What goes along whatever the form. */
  private static final List<String> KEPT =
      List.of(
          "id", "slice", "fact_key", "source", "author_id", "subject_id", "timestamp", "metadata");

  private static final Map<String, String> SHAREGPT_ROLES =
      Map.of(
          "human",
          "user",
          "user",
          "user",
          "gpt",
          "assistant",
          "assistant",
          "assistant",
          "system",
          "system");

  private InstructionForm() {}

  /**
   * @throws BadRecordException naming the line, if the record has no known form or one that carries
   *     no single right answer
   */
  public static ObjectNode of(SourceRecord record) {
    ObjectNode from = record.json();
    ObjectNode to = JSON.createObjectNode();
    KEPT.stream().filter(from::hasNonNull).forEach(field -> to.set(field, from.get(field)));
    refusePreferences(record);
    if (from.has("messages")) {
      to.set("messages", from.get("messages"));
    } else if (from.has("conversations")) {
      to.set("messages", shareGpt(record));
    } else if (from.has("instruction") && from.has("output")) {
      alpaca(from, to);
    } else if (from.has("prompt") && from.has("completion")) {
      promptAndCompletion(record, to);
    } else if (from.has("text") && from.has("category")) {
      to.set("instruction", from.get("text"));
      to.set("output", from.get("category"));
    } else {
      throw bad(
          record,
          "has no known form; use messages, conversations, instruction/output, prompt/completion or"
              + " text/category");
    }
    return to;
  }

  private static void refusePreferences(SourceRecord record) {
    ObjectNode from = record.json();
    if (from.has("chosen") || from.has("rejected") || from.has("preferred_output")) {
      throw bad(record, "is a preference pair; only records with one right answer can be imported");
    }
    if (from.path("label").isBoolean() && !from.path("label").booleanValue()
        || from.path("kto_tag").isBoolean() && !from.path("kto_tag").booleanValue()) {
      throw bad(record, "is labelled as a wrong answer; only right answers can be imported");
    }
  }

  private static ArrayNode shareGpt(SourceRecord record) {
    ArrayNode messages = JSON.createArrayNode();
    for (JsonNode turn : record.json().path("conversations")) {
      String role = SHAREGPT_ROLES.get(turn.path("from").asString(""));
      if (role == null) {
        throw bad(
            record,
            "conversations: '%s' is no known speaker; use system, human or gpt"
                .formatted(turn.path("from").asString("")));
      }
      messages.addObject().put("role", role).set("content", turn.path("value"));
    }
    return messages;
  }

  /** An Alpaca record with a past or a system prompt is a conversation. */
  private static void alpaca(ObjectNode from, ObjectNode to) {
    if (from.path("history").isEmpty() && from.path("system").asString("").isBlank()) {
      to.set("instruction", from.get("instruction"));
      if (!from.path("input").asString("").isBlank()) {
        to.set("input", from.get("input"));
      }
      to.set("output", from.get("output"));
      return;
    }
    ArrayNode messages = to.putArray("messages");
    if (!from.path("system").asString("").isBlank()) {
      messages.addObject().put("role", "system").set("content", from.get("system"));
    }
    for (JsonNode exchange : from.path("history")) {
      messages.addObject().put("role", "user").set("content", exchange.path(0));
      messages.addObject().put("role", "assistant").set("content", exchange.path(1));
    }
    String input = from.path("input").asString("");
    String instruction = from.path("instruction").asString("");
    messages
        .addObject()
        .put("role", "user")
        .put("content", input.isBlank() ? instruction : instruction + "\n" + input);
    messages.addObject().put("role", "assistant").set("content", from.get("output"));
  }

  /** TRL writes both either as text or as messages. */
  private static void promptAndCompletion(SourceRecord record, ObjectNode to) {
    JsonNode prompt = record.json().get("prompt");
    JsonNode completion = record.json().get("completion");
    if (prompt.isString() && completion.isString()) {
      to.set("instruction", prompt);
      to.set("output", completion);
    } else if (prompt instanceof ArrayNode before && completion instanceof ArrayNode after) {
      to.putArray("messages").addAll(before).addAll(after);
    } else {
      throw bad(record, "prompt and completion must both be text, or both be messages");
    }
  }

  private static BadRecordException bad(SourceRecord record, String what) {
    return new BadRecordException("record_form", "line %d %s".formatted(record.line(), what));
  }
}
