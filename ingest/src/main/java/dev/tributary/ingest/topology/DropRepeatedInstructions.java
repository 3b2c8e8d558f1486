package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.state.JoinStores;
import dev.tributary.ingest.topology.state.Recent;
import dev.tributary.schemas.InstructionRecord;
import java.time.Clock;
import java.util.Optional;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Lets an instruction through once, however often a client that saw no answer sends it. Another
 * text under a known id is a dead letter, {@code record_id_conflict}: one of the two would be lost
 * otherwise.
 */
final class DropRepeatedInstructions
    extends ContextualProcessor<
        byte[], Accepted<InstructionRecord>, byte[], Outcome<InstructionRecord>> {

  private final IngestMetrics metrics;
  private final Clock clock;
  private Recent<String> known;

  DropRepeatedInstructions(IngestMetrics metrics, Clock clock) {
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void init(ProcessorContext<byte[], Outcome<InstructionRecord>> context) {
    super.init(context);
    this.known = new Recent<>(context.getStateStore(JoinStores.INSTRUCTIONS));
  }

  @Override
  public void process(Record<byte[], Accepted<InstructionRecord>> record) {
    InstructionRecord instruction = record.value().value();
    String id = instruction.getAdapter() + ' ' + instruction.getRecordId();
    String content = ContentHash.of(instruction);
    Optional<String> earlier = known.find(id);
    if (earlier.isEmpty()) {
      known.put(id, content, clock.instant());
      context().forward(record.withValue(record.value()));
    } else if (earlier.get().equals(content)) {
      metrics.record(RecordKind.INSTRUCTION, "duplicate");
    } else {
      context()
          .forward(
              record.withValue(
                  Stage.DEDUPLICATE.reject(record.value().source(), conflict(instruction))));
    }
  }

  private static BadRecordException conflict(InstructionRecord instruction) {
    return new BadRecordException(
        "record_id_conflict",
        "record_id '%s' was used for another text; give every record an id of its own"
            .formatted(instruction.getRecordId()));
  }
}
