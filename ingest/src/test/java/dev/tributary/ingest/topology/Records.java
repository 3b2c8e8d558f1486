package dev.tributary.ingest.topology;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import java.time.Instant;
import java.util.List;

/** Valid input records; a test changes what it is about. */
final class Records {

  static final String ADAPTER = "acme/support";
  static final Instant TIME = Instant.parse("2026-01-15T12:00:00Z");

  private Records() {}

  static InstructionRecord.Builder instruction(String id) {
    return InstructionRecord.newBuilder()
        .setRecordId(id)
        .setAdapter(ADAPTER)
        .setInstruction("How long can I return " + id + "?")
        .setOutput("30 days.")
        .setSource(FeedbackSource.CODE)
        .setEventTime(TIME)
        .setIngestTime(TIME);
  }

  static Interaction.Builder interaction(String requestId) {
    return Interaction.newBuilder()
        .setRequestId(requestId)
        .setAdapter(ADAPTER)
        .setModel("acme.support@v1")
        .setMessages(List.of(message("user", "Question of " + requestId)))
        .setCompletion("Answer to " + requestId)
        .setEventTime(TIME)
        .setIngestTime(TIME);
  }

  static Feedback.Builder feedback(String id, String requestId, FeedbackKind kind) {
    return Feedback.newBuilder()
        .setFeedbackId(id)
        .setRequestId(requestId)
        .setKind(kind)
        .setSource(FeedbackSource.USER)
        .setEventTime(TIME)
        .setIngestTime(TIME);
  }

  static Feedback.Builder thumb(String id, String requestId, double value) {
    return feedback(id, requestId, FeedbackKind.THUMB).setValue(value);
  }

  /** By staff. */
  static Feedback.Builder correction(String id, String requestId, String text) {
    return feedback(id, requestId, FeedbackKind.CORRECTION)
        .setCorrection(text)
        .setSource(FeedbackSource.AGENT);
  }

  static ChatMessage message(String role, String content) {
    return new ChatMessage(role, content, null);
  }
}
