package dev.tributary.evaluator.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private static final byte[] KEY = {1};
  private static final byte[] VALUE = {2, 3};

  private final ConsumerRecord<byte[], byte[]> source =
      new ConsumerRecord<>(Topics.CANDIDATES.name(), 4, 17, KEY, VALUE);

  @Test
  void keepWhatArrived() {
    source.headers().add("traceparent", bytes("00-abc"));

    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source, new BadRecordException("bad_magic", "no schema id"));

    assertEquals(Topics.DEADLETTERS.name(), letter.topic());
    assertArrayEquals(KEY, letter.key());
    assertArrayEquals(VALUE, letter.value());
    assertEquals("00-abc", header(letter, "traceparent"));
    assertEquals("bad_magic", header(letter, "tributary.reason"));
    assertEquals("17", header(letter, "__streams.errors.offset"));
  }

  @Test
  void sayTheNewReasonOfARecordThatWasOneBefore() {
    source.headers().add("tributary.reason", bytes("unknown_schema"));

    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source, new BadRecordException("bad_magic", "no schema id"));

    assertEquals("bad_magic", header(letter, "tributary.reason"));
    assertEquals(
        1,
        StreamSupport.stream(letter.headers().headers("tributary.reason").spliterator(), false)
            .count());
  }

  @Test
  void boundTheStackTrace() {
    Throwable cause = new IllegalStateException("x".repeat(20_000));

    ProducerRecord<byte[], byte[]> letter =
        DeadLetters.of(source, new BadRecordException("bad_magic", "no schema id", cause));

    String trace = header(letter, "__streams.errors.stacktrace");
    assertEquals(8_192, trace.length());
    assertTrue(trace.startsWith(BadRecordException.class.getName()), trace.substring(0, 100));
  }

  private static String header(ProducerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
