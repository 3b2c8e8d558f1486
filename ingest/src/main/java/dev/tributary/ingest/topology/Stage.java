package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.ingest.topology.Outcome.Accepted;
import dev.tributary.ingest.topology.Outcome.Rejected;
import dev.tributary.ingest.topology.state.SourceRecord;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** The steps that can refuse a record. */
enum Stage {
  VALIDATE,
  DEDUPLICATE,
  JOIN,
  MAP;

  /** Its name in headers and metrics. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Runs what a step does with one record. A record that cannot be processed is rejected, also
   * where the fault is ours ({@code internal_error}): it keeps its bytes and its stack trace, and
   * the stream goes on. Trouble that is not the record's (Kafka, the state, the schema registry)
   * passes through.
   */
  <T> Outcome<T> attempt(SourceRecord source, Supplier<T> body) {
    try {
      return new Accepted<>(body.get(), source);
    } catch (BadRecordException e) {
      return reject(source, e);
    } catch (ConfigException | RetriableException | KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      return new Rejected<>(new DeadLetter(source, this, "internal_error", e));
    }
  }

  /** Refuses a record. */
  <T> Outcome<T> reject(SourceRecord source, BadRecordException cause) {
    return new Rejected<>(new DeadLetter(source, this, cause.reason(), cause));
  }
}
