package dev.tributary.ingest.topology.rules;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.InstructionRecord;
import java.time.Clock;
import java.util.List;

/**
 * An instruction is keyed by its adapter and is in exactly one of its two forms, with a prompt and
 * a target.
 */
public final class InstructionRules implements Rules<InstructionRecord> {

  private final Fields fields;

  public InstructionRules(Clock clock) {
    this.fields = new Fields(clock);
  }

  @Override
  public void check(String key, InstructionRecord record) {
    fields.adapter(record.getAdapter());
    fields.key(key, "adapter", record.getAdapter());
    fields.id("record_id", record.getRecordId());
    fields.time("event_time", record.getEventTime());
    fields.time("ingest_time", record.getIngestTime());
    fields.metadata(record.getMetadata());
    boolean single =
        record.getInstruction() != null || record.getInput() != null || record.getOutput() != null;
    boolean chat = !record.getMessages().isEmpty();
    if (single && chat) {
      throw new BadRecordException(
          "ambiguous_prompt",
          "both instruction/input/output and messages are set; use one of the two");
    }
    if (chat) {
      checkMessages(record.getMessages());
    } else {
      fields.text("empty_prompt", "instruction", record.getInstruction());
      fields.text("empty_completion", "output", record.getOutput());
    }
  }

  private void checkMessages(List<ChatMessage> messages) {
    fields.roles(messages);
    ChatMessage target = messages.getLast();
    if (!target.getRole().equals("assistant")) {
      throw new BadRecordException(
          "missing_target",
          "messages end with a %s turn; end with the assistant's".formatted(target.getRole()));
    }
    fields.text("empty_completion", "the last message", target.getContent());
    if (messages.size() == 1) {
      throw new BadRecordException(
          "empty_prompt", "messages hold the answer only; put the question before it");
    }
  }
}
