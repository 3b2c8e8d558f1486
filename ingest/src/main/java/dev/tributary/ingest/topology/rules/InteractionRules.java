package dev.tributary.ingest.topology.rules;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.Interaction;
import java.time.Clock;

/**
 * An interaction is keyed by its request id and has exactly one prompt. Its completion may be
 * empty: a model may have said nothing, and a correction of that is worth learning.
 */
public final class InteractionRules implements Rules<Interaction> {

  private static final int MAX_ALIASES = 16;

  private final Fields fields;

  public InteractionRules(Clock clock) {
    this.fields = new Fields(clock);
  }

  @Override
  public void check(String key, Interaction record) {
    fields.id("request_id", record.getRequestId());
    fields.key(key, "request_id", record.getRequestId());
    fields.adapter(record.getAdapter());
    checkAliases(record);
    fields.time("event_time", record.getEventTime());
    fields.time("ingest_time", record.getIngestTime());
    fields.metadata(record.getMetadata());
    fields.roles(record.getMessages());
    boolean chat = !record.getMessages().isEmpty();
    if (chat && record.getPrompt() != null) {
      throw new BadRecordException(
          "ambiguous_prompt", "both messages and prompt are set; use one of the two");
    }
    if (!chat) {
      fields.text("empty_prompt", "prompt", record.getPrompt());
    }
  }

  private void checkAliases(Interaction record) {
    if (record.getAliases().size() > MAX_ALIASES) {
      throw new BadRecordException(
          "alias_limit",
          "there are %d aliases; use at most %d"
              .formatted(record.getAliases().size(), MAX_ALIASES));
    }
    record.getAliases().forEach(alias -> fields.id("an alias", alias));
  }
}
