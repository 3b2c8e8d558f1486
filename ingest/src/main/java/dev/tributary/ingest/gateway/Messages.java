package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.ChatMessage;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Conversations: lists of {@code {"role", "content", "weight"}} as OpenAI writes them. */
final class Messages {

  private static final int MAX_MESSAGES = 1024;

  private enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL
  }

  private Messages() {}

  /** The turns; empty when the field is absent. Not to be used before {@link JsonFields#finish}. */
  static List<ChatMessage> read(JsonFields fields, String field) {
    return fields.objects(field, MAX_MESSAGES, Messages::message);
  }

  /** Whether the last turn is an assistant's that says something. */
  static boolean endWithAnAnswer(List<ChatMessage> messages) {
    return !messages.isEmpty()
        && messages.getLast().getRole().equals("assistant")
        && !messages.getLast().getContent().isBlank();
  }

  private static ChatMessage message(JsonFields fields) {
    Role role = fields.requiredOneOf("role", Role.class);
    String content = fields.string("content", CommonFields.TEXT).orElse("");
    if (!fields.has("content")) {
      fields.error("content", "is missing; give text, which may be empty");
    }
    OptionalDouble weight = fields.number("weight", 0, 1);
    return new ChatMessage(
        role == null ? "" : role.name().toLowerCase(Locale.ROOT),
        content,
        weight.isPresent() ? weight.getAsDouble() : null);
  }
}
