package dev.tributary.engine.data;

import java.util.Objects;

/**
 * One turn of a conversation, as in the OpenAI and Hugging Face chat formats.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, or whatever else the chat template
 *     knows
 * @param content the text of the turn; it is data and never read as template or special token
 */
public record ChatMessage(String role, String content) {

  public ChatMessage {
    Objects.requireNonNull(role, "role");
    Objects.requireNonNull(content, "content");
  }

  public static ChatMessage system(String content) {
    return new ChatMessage("system", content);
  }

  public static ChatMessage user(String content) {
    return new ChatMessage("user", content);
  }

  public static ChatMessage assistant(String content) {
    return new ChatMessage("assistant", content);
  }
}
