package dev.tributary.platform.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The meters of one Kafka client, looked through for new ones at an interval.
 *
 * <p>Each client has a thread for that: Micrometer does not end the look-ups of a binder that is
 * closed while its scheduler goes on, and they would hold the dead client and bring its meters
 * back.
 */
final class ClientMeters implements AutoCloseable {

  private final ScheduledExecutorService scheduler;
  private final KafkaClientMetrics meters;

  private ClientMeters(ScheduledExecutorService scheduler, KafkaClientMetrics meters) {
    this.scheduler = scheduler;
    this.meters = meters;
  }

  static ClientMeters of(Producer<?, ?> producer, Duration interval) {
    ScheduledExecutorService scheduler = scheduler();
    return new ClientMeters(
        scheduler, new KafkaClientMetrics(producer, Tags.empty(), scheduler, interval));
  }

  static ClientMeters of(Consumer<?, ?> consumer, Duration interval) {
    ScheduledExecutorService scheduler = scheduler();
    return new ClientMeters(
        scheduler, new KafkaClientMetrics(consumer, Tags.empty(), scheduler, interval));
  }

  private static ScheduledExecutorService scheduler() {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name("client-metrics").factory());
  }

  void bindTo(MeterRegistry registry) {
    meters.bindTo(registry);
  }

  /** Takes the meters out of the registry. */
  @Override
  public void close() {
    scheduler.shutdownNow();
    try {
      scheduler.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meters.close();
  }
}
