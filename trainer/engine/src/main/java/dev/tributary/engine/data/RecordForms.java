package dev.tributary.engine.data;

import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The forms a training record may come in:
 *
 * <ul>
 *   <li>{@code {"input_ids": […], "labels": […]}}: ready tokens, labels −100 where unsupervised or
 *       left out altogether
 *   <li>{@code {"messages": [{"role", "content"}, …]}}: the last turn is the assistant's and is
 *       learnt
 *   <li>{@code {"instruction", "input"?, "output"}}
 *   <li>{@code {"prompt", "completion"}}: no template
 *   <li>{@code {"text"}}: everything is learnt
 * </ul>
 *
 * Other fields ({@code slice}, {@code id}) are not looked at. Safe for concurrent use.
 */
public final class RecordForms {

  private final Optional<TextForms> text;
  private final int vocabularySize;
  private final int contextLength;

  /** How text is encoded. */
  private record TextForms(ExampleEncoder encoder, ChatTemplate template) {}

  private RecordForms(Optional<TextForms> text, int vocabularySize, int contextLength) {
    this.text = text;
    this.vocabularySize = vocabularySize;
    this.contextLength = contextLength;
  }

  /** All forms. */
  public static RecordForms all(ExampleEncoder encoder, ChatTemplate template, int vocabularySize) {
    return new RecordForms(
        Optional.of(new TextForms(encoder, template)), vocabularySize, encoder.contextLength());
  }

  /** Only {@code input_ids}: for a model directory without a tokenizer. */
  public static RecordForms tokensOnly(int vocabularySize, int contextLength) {
    return new RecordForms(Optional.empty(), vocabularySize, contextLength);
  }

  /**
   * @throws BadRecordException {@code record_form} if the record has none of the forms, or the
   *     reason of the form
   */
  public Encoded encode(JsonNode json) {
    if (json.has("input_ids")) {
      return tokens(json);
    }
    if (json.has("messages")) {
      return chat(json.path("messages"));
    }
    if (json.has("instruction") && json.has("output")) {
      ChatMessage user =
          text().template.instruction(string(json, "instruction"), optional(json, "input"));
      return text().encoder.chat(List.of(user), string(json, "output"));
    }
    if (json.has("prompt") && json.has("completion")) {
      return text().encoder.prompt(string(json, "prompt"), string(json, "completion"));
    }
    if (json.has("text")) {
      return text().encoder.text(string(json, "text"));
    }
    throw bad(
        "record_form",
        "has none of the forms {text}, {prompt, completion}, {instruction, input, output},"
            + " {messages}, {input_ids, labels}");
  }

  private TextForms text() {
    return text.orElseThrow(
        () ->
            bad(
                "no_tokenizer",
                "is text, but the model directory has no tokenizer.json; give input_ids"));
  }

  private Encoded chat(JsonNode messages) {
    List<ChatMessage> turns = new ArrayList<>();
    for (JsonNode message : messages) {
      turns.add(new ChatMessage(string(message, "role"), string(message, "content")));
    }
    if (turns.size() < 2 || !turns.getLast().role().equals("assistant")) {
      throw bad("no_answer", "messages: needs at least two turns, the last by the assistant");
    }
    return text().encoder.chat(turns.subList(0, turns.size() - 1), turns.getLast().content());
  }

  private Encoded tokens(JsonNode json) {
    int[] inputIds = integers(json, "input_ids");
    int[] labels = json.has("labels") ? integers(json, "labels") : inputIds.clone();
    TokenizedExample whole = new TokenizedExample(inputIds, labels);
    for (int i = 0; i < inputIds.length; i++) {
      requireToken("input_ids", i, inputIds[i]);
      if (labels[i] != TokenizedExample.IGNORED) {
        requireToken("labels", i, labels[i]);
      }
    }
    return cut(whole);
  }

  private void requireToken(String field, int index, int id) {
    if (id < 0 || id >= vocabularySize) {
      throw bad(
          "token_range",
          "%s[%d]: %d is no token of a vocabulary of %d"
              .formatted(field, index, id, vocabularySize));
    }
  }

  /** Keeps the right end, where the answer stands. */
  private Encoded cut(TokenizedExample whole) {
    if (whole.length() <= contextLength) {
      return new Encoded(whole, false);
    }
    int from = whole.length() - contextLength;
    return new Encoded(
        new TokenizedExample(
            Arrays.copyOfRange(whole.inputIds(), from, whole.length()),
            Arrays.copyOfRange(whole.labels(), from, whole.length())),
        true);
  }

  private static int[] integers(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (!node.isArray()) {
      throw bad("field_type", field + ": is not a list of whole numbers");
    }
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      if (!node.get(i).isInt()) {
        throw bad(
            "field_type", "%s[%d]: %s is not a whole number".formatted(field, i, node.get(i)));
      }
      values[i] = node.get(i).intValue();
    }
    return values;
  }

  private static String optional(JsonNode json, String field) {
    return json.hasNonNull(field) ? string(json, field) : "";
  }

  private static String string(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (!node.isString()) {
      throw bad(
          "field_type",
          "%s: %s is not a text".formatted(field, node.isMissingNode() ? "nothing" : node));
    }
    return node.stringValue();
  }

  private static BadRecordException bad(String reason, String message) {
    return new BadRecordException(reason, message);
  }
}
