package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.rules.Rules;
import dev.tributary.ingest.topology.state.Role;
import dev.tributary.ingest.topology.state.SourceRecord;
import dev.tributary.ingest.topology.state.Sources;
import dev.tributary.schemas.serde.AvroDecoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Decodes an input record and holds it to its contract's rules. Decoding happens here and not in a
 * deserializer, so that what cannot be read becomes a dead letter with a precise reason.
 */
final class Validate<T extends SpecificRecord>
    extends ContextualProcessor<byte[], byte[], byte[], Outcome<T>> {

  private final RecordKind kind;
  private final AvroDecoder<T> decoder;
  private final Rules<T> rules;
  private final IngestMetrics metrics;

  Validate(RecordKind kind, AvroDecoder<T> decoder, Rules<T> rules, IngestMetrics metrics) {
    this.kind = kind;
    this.decoder = decoder;
    this.rules = rules;
    this.metrics = metrics;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    SourceRecord source =
        Sources.of(Role.valueOf(kind.name()), context().recordMetadata().orElseThrow(), record);
    Outcome<T> outcome = Stage.VALIDATE.attempt(source, () -> validated(record));
    metrics.record(kind, outcome instanceof Accepted<T> ? "validated" : "rejected");
    context().forward(record.withValue(outcome));
  }

  private T validated(Record<byte[], byte[]> record) {
    T value = decoder.decode(record.value());
    rules.check(record.key() == null ? null : new String(record.key(), UTF_8), value);
    return value;
  }
}
