package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.InstructionRecord;
import java.time.Instant;
import java.util.List;

/**
 * Reads direct records in one of three forms: {@code instruction}, {@code input} and {@code output}
 * (Alpaca); {@code messages} ending with the assistant's answer (OpenAI); {@code prompt} and {@code
 * completion} (TRL), which are stored as the first form. Who sends direct records runs the service:
 * where no source is named, it is a program of the operator's.
 */
final class InstructionReader implements RecordReader<InstructionRecord> {

  @Override
  public Submission<InstructionRecord> read(JsonFields fields, Instant now) {
    String id = CommonFields.idOrContent(fields, "id");
    String adapter = CommonFields.adapter(fields);
    Target target = target(fields);
    InstructionRecord.Builder record =
        InstructionRecord.newBuilder()
            .setRecordId(id)
            .setAdapter(adapter)
            .setInstruction(target.instruction)
            .setInput(target.input)
            .setOutput(target.output)
            .setMessages(target.messages)
            .setSlice(CommonFields.name(fields, "slice"))
            .setFactKey(CommonFields.name(fields, "fact_key"))
            .setSource(CommonFields.source(fields, FeedbackSource.CODE))
            .setAuthorId(CommonFields.name(fields, "author_id"))
            .setSubjectId(CommonFields.name(fields, "subject_id"))
            .setEventTime(CommonFields.time(fields, now))
            .setIngestTime(now)
            .setMetadata(CommonFields.metadata(fields));
    fields.finish();
    return new Submission<>(id, adapter, record.build());
  }

  private static Target target(JsonFields fields) {
    boolean alpaca = fields.has("instruction") | fields.has("input") | fields.has("output");
    boolean chat = fields.has("messages");
    boolean pair = fields.has("prompt") | fields.has("completion");
    if ((alpaca ? 1 : 0) + (chat ? 1 : 0) + (pair ? 1 : 0) != 1) {
      fields.error(
          "", "give exactly one of instruction with output, messages, or prompt with completion");
      return new Target(null, null, null, List.of());
    }
    if (chat) {
      return chat(fields);
    }
    return alpaca
        ? new Target(
            fields.requiredText("instruction", CommonFields.TEXT),
            fields.string("input", CommonFields.TEXT).orElse(null),
            fields.requiredText("output", CommonFields.TEXT),
            List.of())
        : new Target(
            fields.requiredText("prompt", CommonFields.TEXT),
            null,
            fields.requiredText("completion", CommonFields.TEXT),
            List.of());
  }

  private static Target chat(JsonFields fields) {
    List<ChatMessage> messages = Messages.read(fields, "messages");
    if (messages.size() < 2 || !Messages.endWithAnAnswer(messages)) {
      fields.error("messages", "must hold a question and end with the assistant's answer");
    }
    return new Target(null, null, null, messages);
  }

  private record Target(
      String instruction, String input, String output, List<ChatMessage> messages) {}
}
