package dev.tributary.engine.data;

import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The forms a language model's training record may come in:
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
public final class RecordForms implements RecordEncoding {

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

  @Override
  public Encoded encode(JsonNode json) {
    if (json.has("input_ids")) {
      return tokens(json);
    }
    if (json.has("messages")) {
      return chat(json.path("messages"));
    }
    if (json.has("instruction") && json.has("output")) {
      ChatMessage user =
          text()
              .template
              .instruction(
                  RecordFields.text(json, "instruction"), RecordFields.optionalText(json, "input"));
      return text().encoder.chat(List.of(user), RecordFields.text(json, "output"));
    }
    if (json.has("prompt") && json.has("completion")) {
      return text()
          .encoder
          .prompt(RecordFields.text(json, "prompt"), RecordFields.text(json, "completion"));
    }
    if (json.has("text")) {
      return text().encoder.text(RecordFields.text(json, "text"));
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
      turns.add(
          new ChatMessage(
              RecordFields.text(message, "role"), RecordFields.text(message, "content")));
    }
    if (turns.size() < 2 || !turns.getLast().role().equals("assistant")) {
      throw bad("no_answer", "messages: needs at least two turns, the last by the assistant");
    }
    return text().encoder.chat(turns.subList(0, turns.size() - 1), turns.getLast().content());
  }

  private Encoded tokens(JsonNode json) {
    int[] inputIds = RecordFields.integers(json, "input_ids");
    int[] labels = json.has("labels") ? RecordFields.integers(json, "labels") : inputIds.clone();
    TokenizedExample whole = new TokenizedExample(inputIds, labels);
    for (int i = 0; i < inputIds.length; i++) {
      RecordFields.requireToken("input_ids", i, inputIds[i], vocabularySize);
      if (labels[i] != TokenizedExample.IGNORED) {
        RecordFields.requireToken("labels", i, labels[i], vocabularySize);
      }
    }
    return cut(whole);
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

  private static BadRecordException bad(String reason, String message) {
    return new BadRecordException(reason, message);
  }
}
