package dev.tributary.evaluator.serve.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InteractionRecorderTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MockProducer<String, Interaction> broker =
      new MockProducer<>(
          false,
          null,
          new StringSerializer(),
          Contracts.serializer(Interaction.class, new LocalSchemaRegistry()));
  private final InteractionRecorder recorder =
      new InteractionRecorder(
          broker, "interactions", 2, new ServeMetrics(meters, Clock.systemUTC()));

  @AfterEach
  void close() {
    recorder.close();
  }

  @Test
  void holdsAPlaceUntilTheBrokerHasTheRecord() {
    recorder.record(interaction("1"));
    recorder.record(interaction("2"));
    assertFalse(recorder.hasRoom());

    Awaitility.await().until(broker::completeNext);

    Awaitility.await().until(recorder::hasRoom);
    assertEquals("1", broker.history().getFirst().key());
    assertEquals(1, count("recorded"));
  }

  @Test
  void sendsAgainWhatFailedForNow() {
    recorder.record(interaction("1"));
    Awaitility.await().until(() -> broker.errorNext(new TimeoutException("the broker is away")));

    Awaitility.await().until(() -> broker.history().size() == 2);
    assertTrue(broker.completeNext());

    Awaitility.await().until(() -> recorder.backlog() == 0);
    assertEquals(1, count("recorded"));
    assertEquals(0, count("failed"));
  }

  @Test
  void countsWhatTheBrokerRefusesForGood() {
    recorder.record(interaction("1"));
    Awaitility.await().until(() -> broker.errorNext(new RecordTooLargeException("too large")));

    Awaitility.await().until(() -> recorder.backlog() == 0);
    assertEquals(1, count("failed"));
    assertEquals(1, broker.history().size());
  }

  @Test
  void countsWhatFindsNoPlace() {
    for (int i = 0; i < 5; i++) {
      recorder.record(interaction("r" + i));
    }

    assertEquals(3, count("dropped"));
  }

  @Test
  void countsWhatIsLeftWhenItCloses() {
    broker.sendException = new TimeoutException("no metadata");
    recorder.record(interaction("1"));

    recorder.close();

    assertEquals(1, count("dropped") + count("failed"));
    assertEquals(0, count("recorded"));
  }

  private double count(String outcome) {
    var counter = meters.find("tributary.serve.interactions").tag("outcome", outcome).counter();
    return counter == null ? 0 : counter.count();
  }

  private static Interaction interaction(String id) {
    return Interaction.newBuilder()
        .setRequestId(id)
        .setAdapter("shop/support")
        .setModel("tiny")
        .setCompletion("Hello")
        .setEventTime(Instant.EPOCH)
        .setIngestTime(Instant.EPOCH)
        .build();
  }
}
