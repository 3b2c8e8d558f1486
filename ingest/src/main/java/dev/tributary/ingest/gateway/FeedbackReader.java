package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.FeedbackSource;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads judgements on interactions. What a record must hold depends on its {@code kind}. */
final class FeedbackReader implements RecordReader<Feedback> {

  private static final String DEFAULT_NAME = "user_feedback";

  @Override
  public Submission<Feedback> read(JsonFields fields, Instant now) {
    String id = CommonFields.idOrContent(fields, "id");
    String requestId = fields.requiredText("request_id", CommonFields.NAME);
    FeedbackKind kind = fields.requiredOneOf("kind", FeedbackKind.class);
    FeedbackValue value = FeedbackValue.read(fields, kind);
    String correction = correction(fields);
    String label = CommonFields.name(fields, "label");
    String comment = CommonFields.text(fields, "comment");
    String preferred = CommonFields.text(fields, "preferred");
    requireWhatTheKindSays(fields, kind);
    Feedback.Builder record =
        Feedback.newBuilder()
            .setFeedbackId(id)
            .setRequestId(requestId)
            .setSessionId(CommonFields.name(fields, "session_id"))
            .setName(fields.text("name", CommonFields.NAME).orElse(DEFAULT_NAME))
            .setValue(value.value())
            .setScaleMin(value.min())
            .setScaleMax(value.max())
            .setLabel(label)
            .setComment(comment)
            .setCorrection(correction)
            .setPreferred(preferred)
            .setRejected(CommonFields.text(fields, "rejected"))
            .setSlice(CommonFields.name(fields, "slice"))
            .setFactKey(CommonFields.name(fields, "fact_key"))
            .setSource(CommonFields.source(fields, FeedbackSource.USER))
            .setAuthorId(CommonFields.name(fields, "author_id"))
            .setSubjectId(CommonFields.name(fields, "subject_id"))
            .setEventTime(CommonFields.time(fields, now))
            .setIngestTime(now)
            .setMetadata(CommonFields.metadata(fields));
    fields.finish();
    return new Submission<>(id, requestId, record.setKind(kind).build());
  }

  private static void requireWhatTheKindSays(JsonFields fields, FeedbackKind kind) {
    String field =
        switch (kind) {
          case THUMB, RATING -> "value";
          case LABEL -> "label";
          case COMMENT -> "comment";
          case CORRECTION -> "correction";
          case PREFERENCE -> "preferred";
          case null -> "kind";
        };
    if (!fields.has(field)) {
      fields.error(field, "is missing; feedback of this kind needs it");
    }
  }

  /** A text, or a conversation whose last turn is the right answer. */
  private static String correction(JsonFields fields) {
    if (fields.any("correction").filter(JsonNode::isArray).isEmpty()) {
      return CommonFields.text(fields, "correction");
    }
    List<ChatMessage> messages = Messages.read(fields, "correction");
    if (!Messages.endWithAnAnswer(messages)) {
      fields.error("correction", "must end with the assistant's answer as it should have been");
      return null;
    }
    return messages.getLast().getContent();
  }
}
