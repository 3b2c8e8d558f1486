package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.topology.state.Bytes;
import dev.tributary.ingest.topology.state.SourceRecord;
import dev.tributary.ingest.topology.state.Sources;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Turns a dead letter back into the record that arrived: same key, same value, same headers, so
 * that it can be sent again after a fix. Why it is here stands in further headers, in the names
 * Kafka Streams uses for its own dead letters.
 *
 * <p>A dead letter that cannot be written fails the transaction, and with it the stream: nothing is
 * skipped.
 */
final class DeadLetters<K> extends ContextualProcessor<K, DeadLetter, byte[], byte[]> {

  static final String STAGE = "tributary.stage";
  static final String REASON = "tributary.reason";

  private static final String ERRORS = "__streams.errors.";
  private static final int MAX_TRACE_CHARS = 8_192;

  private final IngestMetrics metrics;

  DeadLetters(IngestMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void process(Record<K, DeadLetter> record) {
    DeadLetter letter = record.value();
    SourceRecord source = letter.source();
    metrics.deadLetter(letter.stage().label(), letter.reason());
    context()
        .forward(
            new Record<>(
                Bytes.copyOf(source.getKey()),
                Bytes.copyOf(source.getValue()),
                record.timestamp(),
                headers(letter)));
  }

  private static Headers headers(DeadLetter letter) {
    SourceRecord source = letter.source();
    Headers headers = Sources.headers(source);
    put(headers, ERRORS + "exception", letter.cause().getClass().getName());
    put(headers, ERRORS + "message", String.valueOf(letter.cause().getMessage()));
    put(headers, ERRORS + "stacktrace", trace(letter.cause()));
    put(headers, ERRORS + "topic", source.getTopic());
    put(headers, ERRORS + "partition", String.valueOf(source.getPartition()));
    put(headers, ERRORS + "offset", String.valueOf(source.getOffset()));
    put(headers, STAGE, letter.stage().label());
    put(headers, REASON, letter.reason());
    return headers;
  }

  /** A record that was a dead letter before, and was sent again, gets its headers replaced. */
  private static void put(Headers headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(UTF_8));
  }

  private static String trace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text, true));
    return text.toString().substring(0, Math.min(text.getBuffer().length(), MAX_TRACE_CHARS));
  }
}
