package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.topics.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * A record that can never be trained, as it goes to the dead-letter topic: the bytes as they came,
 * and headers that say where from and why, under the names Kafka Streams uses.
 */
public final class DeadLetter {

  /** Value of the header {@code tributary.stage}. */
  public static final String STAGE = "train";

  private static final int MAX_HEADER_CHARS = 4096;

  private DeadLetter() {}

  public static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> source, BadRecordException cause) {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.DEADLETTERS.name(), source.key(), source.value());
    source.headers().forEach(header -> letter.headers().add(header));
    Map<String, String> reasons = new LinkedHashMap<>();
    reasons.put("__streams.errors.exception", cause.getClass().getName());
    reasons.put("__streams.errors.message", String.valueOf(cause.getMessage()));
    reasons.put("__streams.errors.stacktrace", stackTrace(cause));
    reasons.put("__streams.errors.topic", source.topic());
    reasons.put("__streams.errors.partition", String.valueOf(source.partition()));
    reasons.put("__streams.errors.offset", String.valueOf(source.offset()));
    reasons.put("tributary.stage", STAGE);
    reasons.put("tributary.reason", cause.reason());
    reasons.forEach((name, value) -> replace(letter.headers(), name, value));
    return letter;
  }

  private static void replace(Headers headers, String name, String value) {
    headers.remove(name);
    String bounded =
        value.length() <= MAX_HEADER_CHARS ? value : value.substring(0, MAX_HEADER_CHARS);
    headers.add(name, bounded.getBytes(StandardCharsets.UTF_8));
  }

  private static String stackTrace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
