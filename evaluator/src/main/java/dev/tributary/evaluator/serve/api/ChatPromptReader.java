package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The {@code messages} of {@code /v1/chat/completions}: text only. What is in a message is data,
 * never template or token.
 */
final class ChatPromptReader implements PromptReader {

  private static final int MAX_MESSAGES = 1_024;
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private final ExampleEncoder encoder;

  ChatPromptReader(ExampleEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public String parameter() {
    return "messages";
  }

  @Override
  public List<Prompt> read(Parameters parameters) {
    parameters.refuseUnlessNeutral(
        "tools",
        "tool_choice",
        "functions",
        "function_call",
        "response_format",
        "modalities",
        "audio",
        "web_search_options",
        "reasoning_effort",
        "verbosity",
        "top_logprobs");
    JsonNode array = parameters.required("messages");
    String pointer = parameters.pointer("messages");
    if (!array.isArray() || array.isEmpty() || array.size() > MAX_MESSAGES) {
      throw OpenAiErrors.invalid(
          pointer, "messages must be an array of 1 to %d messages".formatted(MAX_MESSAGES));
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      messages.add(message(Parameters.of(array.get(i), pointer + "/" + i)));
    }
    return List.of(new Prompt(encode(messages, pointer), messages, Optional.empty()));
  }

  private int[] encode(List<ChatMessage> messages, String pointer) {
    try {
      return encoder.chatPrompt(messages);
    } catch (BadRecordException e) {
      throw OpenAiErrors.invalid(
          pointer, "the chat template refuses these messages: " + e.getMessage());
    }
  }

  private static ChatMessage message(Parameters members) {
    String role = members.requiredText("role", 64);
    if (!ROLES.contains(role)) {
      throw OpenAiErrors.invalid(
          members.pointer("role"), "role must be system, developer, user, assistant or tool");
    }
    members.refuseUnlessNeutral("tool_calls", "function_call", "audio", "refusal", "annotations");
    members.ignore("name", "tool_call_id");
    String content = content(members.required("content"), members.pointer("content"));
    members.refuseUnread();
    // "developer" is OpenAI's newer name for the same turn; templates know the older one.
    return new ChatMessage(role.equals("developer") ? "system" : role, content);
  }

  private static String content(JsonNode content, String pointer) {
    if (content.isString()) {
      return content.asString();
    }
    if (!content.isArray() || content.isEmpty()) {
      throw OpenAiErrors.invalid(pointer, "content must be a string or an array of text parts");
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < content.size(); i++) {
      text.append(part(Parameters.of(content.get(i), pointer + "/" + i)));
    }
    return text.toString();
  }

  private static String part(Parameters members) {
    String type = members.requiredText("type", 64);
    if (!type.equals("text")) {
      throw OpenAiErrors.unsupported(
          members.pointer("type"), "this model reads text only, not " + type);
    }
    String text = members.requiredText("text", Integer.MAX_VALUE);
    members.refuseUnread();
    return text;
  }
}
