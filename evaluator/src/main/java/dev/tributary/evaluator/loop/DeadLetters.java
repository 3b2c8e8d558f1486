package dev.tributary.evaluator.loop;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.topics.Topics;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes dead letters: key, bytes and headers as they arrived, and in further headers, named as
 * Kafka Streams names them, what was wrong.
 */
final class DeadLetters {

  /** Value of the header {@code tributary.stage}. */
  static final String STAGE = "evaluate";

  private static final int MAX_TRACE_CHARS = 8_192;

  private DeadLetters() {}

  static ProducerRecord<byte[], byte[]> of(
      ConsumerRecord<byte[], byte[]> source, BadRecordException cause) {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(Topics.DEADLETTERS.name(), source.key(), source.value());
    source.headers().forEach(letter.headers()::add);
    header(letter, "__streams.errors.exception", cause.getClass().getName());
    header(letter, "__streams.errors.message", String.valueOf(cause.getMessage()));
    header(letter, "__streams.errors.stacktrace", stackTrace(cause));
    header(letter, "__streams.errors.topic", source.topic());
    header(letter, "__streams.errors.partition", String.valueOf(source.partition()));
    header(letter, "__streams.errors.offset", String.valueOf(source.offset()));
    header(letter, "tributary.stage", STAGE);
    header(letter, "tributary.reason", cause.reason());
    return letter;
  }

  /** A record that was a dead letter before, and was sent again, gets its headers replaced. */
  private static void header(ProducerRecord<byte[], byte[]> letter, String name, String value) {
    letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String stackTrace(Throwable cause) {
    StringWriter text = new StringWriter();
    cause.printStackTrace(new PrintWriter(text));
    return text.toString().substring(0, Math.min(text.getBuffer().length(), MAX_TRACE_CHARS));
  }
}
