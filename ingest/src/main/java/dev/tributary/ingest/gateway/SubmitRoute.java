package dev.tributary.ingest.gateway;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.MediaType;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import dev.tributary.platform.http.StrictJson;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.topics.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Takes records of one kind, one as JSON or many as NDJSON, and answers 202 when the broker has
 * them all. A batch with bad lines is answered 207: the good ones are stored, and there is an entry
 * for each bad one.
 *
 * @param <T> the contract
 */
final class SubmitRoute<T extends SpecificRecord> {

  private static final int MAX_RECORD_BYTES = 1 << 20;
  private static final int MAX_BATCH_BYTES = 16 << 20;

  /**
   * What a broker takes by default, less headers and framing; checked here so that one record does
   * not fail its batch.
   */
  private static final int MAX_ENCODED_BYTES = (1 << 20) - 2048;

  private static final String TRACEPARENT = "traceparent";
  private static final Pattern TRACE =
      Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final RecordKind kind;
  private final Topic topic;
  private final RecordReader<T> reader;
  private final AvroSerializer<T> serializer;
  private final RecordPublisher publisher;
  private final IngestMetrics metrics;
  private final int maxLines;
  private final Clock clock;

  SubmitRoute(
      RecordKind kind,
      Topic topic,
      RecordReader<T> reader,
      AvroSerializer<T> serializer,
      RecordPublisher publisher,
      IngestMetrics metrics,
      int maxLines,
      Clock clock) {
    this.kind = kind;
    this.topic = topic;
    this.reader = reader;
    this.serializer = serializer;
    this.publisher = publisher;
    this.metrics = metrics;
    this.maxLines = maxLines;
    this.clock = clock;
  }

  Route route(String path, IdempotencyKeys idempotency) {
    return Route.post(path, idempotency.around(this::submit))
        .accepting(MediaType.JSON, MediaType.NDJSON)
        .maxBody(MAX_BATCH_BYTES);
  }

  private Response submit(Request request) throws InterruptedException {
    try {
      return request.contentType().filter(MediaType.NDJSON::equals).isPresent()
          ? batch(request)
          : single(request);
    } catch (HttpException e) {
      metrics.record(kind, e.status() == 429 ? "throttled" : "invalid");
      throw e;
    }
  }

  private Response single(Request request) throws InterruptedException {
    Encoded record = read(request.body(), clock.instant());
    publish(List.of(record), request);
    return Response.json(202, Map.of("id", record.id, "status", "accepted"));
  }

  private Response batch(Request request) throws InterruptedException {
    List<NdjsonLines.Line> lines = NdjsonLines.of(request.body(), maxLines);
    if (lines.isEmpty()) {
      throw HttpException.badRequest(
          "empty_batch", "the body has no lines; send one JSON object a line");
    }
    Instant now = clock.instant();
    List<Encoded> good = new ArrayList<>();
    List<Map<String, Object>> bad = new ArrayList<>();
    for (NdjsonLines.Line line : lines) {
      try {
        good.add(read(line.bytes(), now));
      } catch (HttpException e) {
        bad.add(entry(line.number(), e));
      }
    }
    if (!good.isEmpty()) {
      publish(good, request);
    }
    metrics.record(kind, "invalid", bad.size());
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("accepted", good.size());
    body.put("rejected", bad.size());
    if (!bad.isEmpty()) {
      body.put("errors", bad);
    }
    return Response.json(bad.isEmpty() ? 202 : 207, body);
  }

  private Encoded read(byte[] json, Instant now) {
    requireSize(json.length, MAX_RECORD_BYTES, "the record");
    Submission<T> submission = reader.read(StrictJson.fields(json), now);
    byte[] value = serializer.encode(submission.record());
    requireSize(value.length, MAX_ENCODED_BYTES, "the record as it is stored");
    return new Encoded(submission.id(), submission.key(), value);
  }

  private static void requireSize(int bytes, int most, String what) {
    if (bytes > most) {
      throw HttpException.tooLarge("%s has %d bytes; send at most %d".formatted(what, bytes, most));
    }
  }

  private void publish(List<Encoded> encoded, Request request) throws InterruptedException {
    Optional<byte[]> trace =
        request
            .header(TRACEPARENT)
            .filter(header -> TRACE.matcher(header).matches())
            .map(header -> header.getBytes(StandardCharsets.US_ASCII));
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>(encoded.size());
    for (Encoded record : encoded) {
      RecordHeaders headers = new RecordHeaders();
      trace.ifPresent(bytes -> headers.add(TRACEPARENT, bytes));
      records.add(new ProducerRecord<>(topic.name(), null, record.key, record.value, headers));
    }
    publisher.publish(records);
    metrics.record(kind, "accepted", records.size());
  }

  private static Map<String, Object> entry(int line, HttpException error) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("line", line);
    entry.put("status", error.status());
    entry.put("code", error.code());
    entry.put("detail", error.getMessage());
    if (!error.errors().isEmpty()) {
      entry.put("errors", error.errors());
    }
    return entry;
  }

  private record Encoded(String id, String key, byte[] value) {}
}
