package dev.tributary.engine.data;

import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The forms a prompt may come in:
 *
 * <ul>
 *   <li>{@code {"input_ids": […]}}: ready tokens
 *   <li>{@code {"messages": [{"role", "content"}, …]}}: a conversation whose next turn is the
 *       assistant's, through the chat template
 *   <li>{@code {"prompt"}}: as it stands, after the token that begins every text of some models; or
 *       as a user's message
 * </ul>
 *
 * Other fields ({@code completion}, {@code id}) are not looked at. Safe for concurrent use.
 */
public final class PromptForms {

  private final Tokenizer tokenizer;
  private final Optional<ExampleEncoder> encoder;
  private final int contextLength;
  private final int vocabularySize;
  private final boolean chat;

  /**
   * @param template for conversations; without one they are refused
   * @param contextLength prompts must be shorter
   * @param chat whether {@code prompt} is a user's message
   */
  public PromptForms(
      Tokenizer tokenizer,
      Optional<ChatTemplate> template,
      int contextLength,
      int vocabularySize,
      boolean chat) {
    this.tokenizer = tokenizer;
    this.encoder = template.map(t -> new ExampleEncoder(tokenizer, t, contextLength));
    this.contextLength = contextLength;
    this.vocabularySize = vocabularySize;
    this.chat = chat;
  }

  /**
   * The prompts of a JSONL file, in its order; blank lines are skipped.
   *
   * @throws dev.tributary.foundation.error.ConfigException naming file and line, if a line is no
   *     usable prompt
   */
  public List<int[]> read(Path file) {
    List<int[]> prompts = new ArrayList<>();
    new JsonLines(file).forEach(json -> prompts.add(encode(json)));
    return prompts;
  }

  /**
   * @throws BadRecordException {@code record_form}, {@code no_question}, {@code no_template},
   *     {@code field_type}, {@code token_range}, {@code empty_prompt} or {@code too_long}
   */
  int[] encode(JsonNode json) {
    if (json.has("input_ids")) {
      return fitting("input_ids", tokens(json));
    }
    if (json.has("messages")) {
      return fitting("messages", chatPrompt(conversation(json.path("messages"))));
    }
    if (json.has("prompt")) {
      return encode(RecordFields.text(json, "prompt"));
    }
    throw new BadRecordException(
        "record_form", "has none of the forms {prompt}, {messages}, {input_ids}");
  }

  /**
   * @throws BadRecordException {@code empty_prompt} or {@code too_long}
   */
  public int[] encode(String prompt) {
    return fitting(
        "prompt",
        chat ? chatPrompt(List.of(ChatMessage.user(prompt))) : tokenizer.encodePrompt(prompt));
  }

  private int[] chatPrompt(List<ChatMessage> messages) {
    return encoder
        .orElseThrow(() -> new BadRecordException("no_template", "messages: no chat template"))
        .chatPrompt(messages);
  }

  private int[] tokens(JsonNode json) {
    int[] tokens = RecordFields.integers(json, "input_ids");
    for (int i = 0; i < tokens.length; i++) {
      RecordFields.requireToken("input_ids", i, tokens[i], vocabularySize);
    }
    return tokens;
  }

  private static List<ChatMessage> conversation(JsonNode messages) {
    List<ChatMessage> turns = new ArrayList<>();
    for (JsonNode message : messages) {
      turns.add(
          new ChatMessage(
              RecordFields.text(message, "role"), RecordFields.text(message, "content")));
    }
    if (!turns.isEmpty() && turns.getLast().role().equals("assistant")) {
      throw new BadRecordException(
          "no_question",
          "messages: the last turn is the assistant's; leave it out to have it made");
    }
    return turns;
  }

  private int[] fitting(String field, int[] tokens) {
    int room = contextLength - 1;
    if (tokens.length == 0 || tokens.length > room) {
      throw new BadRecordException(
          tokens.length == 0 ? "empty_prompt" : "too_long",
          "%s: %d tokens; give 1 to %d tokens".formatted(field, tokens.length, room));
    }
    return tokens;
  }
}
