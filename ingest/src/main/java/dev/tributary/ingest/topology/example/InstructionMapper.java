package dev.tributary.ingest.topology.example;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.Topics;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Makes a supervised example of an instruction. The single-turn form becomes a chat of one user
 * turn, instruction and input with a blank line between them, so that the same question asked in
 * either form is the same prompt.
 */
public final class InstructionMapper
    implements Function<InstructionRecord, Optional<TrainingExample>> {

  private final IngestMetrics metrics;

  public InstructionMapper(IngestMetrics metrics) {
    this.metrics = metrics;
  }

  /**
   * Empty if the target is a turn its author excluded from the loss: then there is nothing to
   * learn.
   */
  @Override
  public Optional<TrainingExample> apply(InstructionRecord record) {
    boolean chat = !record.getMessages().isEmpty();
    if (chat && isExcluded(record.getMessages().getLast())) {
      metrics.record(RecordKind.INSTRUCTION, "no_example");
      return Optional.empty();
    }
    TrainingExample.Builder example =
        TrainingExample.newBuilder()
            .setExampleId("")
            .setAdapter(record.getAdapter())
            .setKind(ExampleKind.SUPERVISED)
            .setMessages(chat ? prompt(record.getMessages()) : prompt(record))
            .setCompletion(chat ? record.getMessages().getLast().getContent() : record.getOutput())
            .setSlice(record.getSlice() == null ? "default" : record.getSlice())
            .setFactKey(factKey(record))
            .setSource(record.getSource())
            .setTrust(TrustedSources.trust(TrustedSources.mayInstruct(record.getSource())))
            .setAuthorId(record.getAuthorId())
            .setSubjectId(record.getSubjectId())
            .setOrigin(
                new Origin(Topics.INSTRUCTIONS.name(), record.getRecordId(), null, List.of()))
            .setEventTime(record.getEventTime())
            .setIngestTime(record.getIngestTime())
            .setMetadata(record.getMetadata());
    return Optional.of(example.setExampleId(ExampleId.of(example.build())).build());
  }

  private static boolean isExcluded(ChatMessage target) {
    return target.getWeight() != null && target.getWeight() == 0;
  }

  private static List<ChatMessage> prompt(List<ChatMessage> messages) {
    return messages.subList(0, messages.size() - 1);
  }

  private static List<ChatMessage> prompt(InstructionRecord record) {
    String input = record.getInput();
    String question =
        input == null || input.isBlank()
            ? record.getInstruction()
            : record.getInstruction() + "\n\n" + input;
    return List.of(new ChatMessage("user", question, null));
  }

  private String factKey(InstructionRecord record) {
    if (record.getFactKey() == null || TrustedSources.mayInstruct(record.getSource())) {
      return record.getFactKey();
    }
    metrics.factKeyIgnored(RecordKind.INSTRUCTION);
    return null;
  }
}
