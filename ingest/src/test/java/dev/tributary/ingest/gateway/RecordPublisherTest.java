package dev.tributary.ingest.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class RecordPublisherTest {

  private static final int MAX_RECORDS = 3;
  private static final long MAX_BYTES = 10_000;

  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final InFlightLimit inFlight = new InFlightLimit(MAX_RECORDS, MAX_BYTES);
  private final RecordPublisher publisher =
      new RecordPublisher(producer, inFlight, Duration.ofSeconds(1));

  @Test
  void givesRoomBackForEachAcknowledgedRecord() throws Exception {
    publisher.publish(List.of(record(10), record(1001), record(7)));

    assertAllRoomIsFree();
  }

  @Test
  void givesRoomBackForRecordsTheProducerRefuses() {
    producer.sendException = new TimeoutException("no metadata");

    assertThrows(
        RetriableException.class,
        () -> publisher.publish(List.of(record(10), record(20), record(30))));

    assertAllRoomIsFree();
    assertEquals(0, producer.history().size());
  }

  @Test
  void boundsBytes() throws Exception {
    assertEquals(
        413,
        assertThrows(HttpException.class, () -> publisher.publish(List.of(record(10_000))))
            .status());
    inFlight.acquire(1, MAX_BYTES - 1000);
    assertEquals(
        429,
        assertThrows(HttpException.class, () -> publisher.publish(List.of(record(1000)))).status());

    publisher.publish(List.of(record(500)));
  }

  @Test
  void keepsWhatTheAcknowledgementDependsOn() {
    KafkaSettings careless =
        KafkaSettings.of(
            Map.of("bootstrap.servers", "127.0.0.1:9", "acks", "0", "client.id", "mine"));

    Map<String, Object> settings = RecordPublisher.settings(careless, Duration.ofSeconds(10));

    assertEquals("all", settings.get(ProducerConfig.ACKS_CONFIG));
    assertEquals(true, settings.get(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG));
    assertEquals(10_000, settings.get(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG));
    assertEquals("mine", settings.get(ProducerConfig.CLIENT_ID_CONFIG));
  }

  private void assertAllRoomIsFree() {
    assertDoesNotThrow(() -> inFlight.acquire(MAX_RECORDS, MAX_BYTES));
  }

  private static ProducerRecord<String, byte[]> record(int bytes) {
    return new ProducerRecord<>("topic", "key", new byte[bytes]);
  }
}
