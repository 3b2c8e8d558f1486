package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Interaction;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/**
 * Reads what was asked and answered elsewhere: {@code messages} or {@code prompt}, and {@code
 * completion}.
 */
final class InteractionReader implements RecordReader<Interaction> {

  private static final int MAX_ALIASES = 16;
  private static final String UNKNOWN_MODEL = "unknown";

  @Override
  public Submission<Interaction> read(JsonFields fields, Instant now) {
    String requestId = fields.requiredText("request_id", CommonFields.NAME);
    List<ChatMessage> messages = Messages.read(fields, "messages");
    String prompt = CommonFields.text(fields, "prompt");
    if (fields.has("messages") == fields.has("prompt")) {
      fields.error("", "give exactly one of messages and prompt");
    } else if (fields.has("messages") && messages.isEmpty()) {
      fields.error("messages", "is empty; give the conversation up to the answer");
    }
    // A model may have said nothing, and a correction of that is worth learning.
    String completion = fields.string("completion", CommonFields.TEXT).orElse("");
    if (!fields.has("completion")) {
      fields.error("completion", "is missing; give the answer, which may be empty");
    }
    Interaction.Builder record =
        Interaction.newBuilder()
            .setRequestId(requestId)
            .setAliases(aliases(fields))
            .setAdapter(CommonFields.adapter(fields))
            .setModel(fields.text("model", CommonFields.NAME).orElse(UNKNOWN_MODEL))
            .setMessages(messages)
            .setPrompt(prompt)
            .setCompletion(completion)
            .setFinishReason(CommonFields.name(fields, "finish_reason"))
            .setSlice(CommonFields.name(fields, "slice"))
            .setSessionId(CommonFields.name(fields, "session_id"))
            .setSubjectId(CommonFields.name(fields, "subject_id"))
            .setPromptTokens(count(fields, "prompt_tokens"))
            .setCompletionTokens(count(fields, "completion_tokens"))
            .setEventTime(CommonFields.time(fields, now))
            .setIngestTime(now)
            .setMetadata(CommonFields.metadata(fields));
    fields.finish();
    return new Submission<>(requestId, requestId, record.build());
  }

  private static List<String> aliases(JsonFields fields) {
    List<String> aliases = fields.strings("aliases", MAX_ALIASES, CommonFields.NAME);
    if (aliases.stream().anyMatch(String::isBlank)) {
      fields.error("aliases", "hold a blank id; leave it out");
    }
    return aliases;
  }

  private static Integer count(JsonFields fields, String field) {
    OptionalInt count = fields.integer(field, 0, Integer.MAX_VALUE);
    return count.isPresent() ? count.getAsInt() : null;
  }
}
