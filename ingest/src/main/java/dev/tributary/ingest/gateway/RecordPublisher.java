package dev.tributary.ingest.gateway;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Sends records and waits until the broker has acknowledged every one of them, as all in-sync
 * replicas have it. Thread-safe: requests on many threads share one idempotent producer, and with
 * it its batches.
 */
final class RecordPublisher implements AutoCloseable {

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
  private static final int RECORD_OVERHEAD = 128;

  private final Producer<String, byte[]> producer;
  private final InFlightLimit inFlight;
  private final Duration acknowledgeTimeout;

  /**
   * @param acknowledgeTimeout after which an unanswered send counts as failed; at least the
   *     producer's own
   */
  RecordPublisher(
      Producer<String, byte[]> producer, InFlightLimit inFlight, Duration acknowledgeTimeout) {
    this.producer = producer;
    this.inFlight = inFlight;
    this.acknowledgeTimeout = acknowledgeTimeout;
  }

  /** The user's settings, with what the promise of an acknowledgement depends on put over them. */
  static Map<String, Object> settings(KafkaSettings kafka, Duration acknowledgeTimeout) {
    Map<String, Object> settings = kafka.producer();
    int timeout = (int) acknowledgeTimeout.toMillis();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / 2);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeout);
    settings.putIfAbsent(ProducerConfig.CLIENT_ID_CONFIG, "tributary-gateway");
    return settings;
  }

  static Producer<String, byte[]> producer(KafkaSettings kafka, Duration acknowledgeTimeout) {
    return new KafkaProducer<>(
        settings(kafka, acknowledgeTimeout), new StringSerializer(), new ByteArraySerializer());
  }

  /**
   * Returns when all are acknowledged. When it throws, some may have been stored; sending all again
   * stores no second copy that counts, since the topology knows them by their ids.
   *
   * @throws HttpException 429 or 413 when there is no room for them, 413 when the broker finds one
   *     too large
   * @throws RetriableException when the broker does not acknowledge all in time
   */
  void publish(List<ProducerRecord<String, byte[]>> records) throws InterruptedException {
    long bytes = records.stream().mapToLong(RecordPublisher::size).sum();
    inFlight.acquire(records.size(), bytes);
    Acknowledgements acknowledgements = new Acknowledgements(records.size());
    int handed = 0;
    try {
      for (ProducerRecord<String, byte[]> record : records) {
        producer.send(
            record, (metadata, failure) -> acknowledged(record, acknowledgements, failure));
        handed++;
      }
    } catch (KafkaException | IllegalStateException e) {
      // The producer would keep each of the others waiting as long before it refused them too.
      records
          .subList(handed, records.size())
          .forEach(record -> acknowledged(record, acknowledgements, e));
    }
    acknowledgements.await(acknowledgeTimeout);
  }

  private void acknowledged(
      ProducerRecord<String, byte[]> record, Acknowledgements acknowledgements, Exception failure) {
    inFlight.release(1, size(record));
    acknowledgements.arrived(failure);
  }

  private static long size(ProducerRecord<String, byte[]> record) {
    return record.value().length + 2L * record.key().length() + RECORD_OVERHEAD;
  }

  /** Gives up what is not acknowledged within a second; its senders were never told that it was. */
  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  /** The answers to one request's sends. */
  private static final class Acknowledgements {

    private final CountDownLatch missing;
    private final AtomicReference<Exception> firstFailure = new AtomicReference<>();

    Acknowledgements(int records) {
      missing = new CountDownLatch(records);
    }

    void arrived(Exception failure) {
      if (failure != null) {
        firstFailure.compareAndSet(null, failure);
      }
      missing.countDown();
    }

    void await(Duration limit) throws InterruptedException {
      // The producer ends each send by itself; its own limit comes first, this one is for a
      // producer that does not.
      boolean all = missing.await(2 * limit.toMillis(), TimeUnit.MILLISECONDS);
      Exception failure = firstFailure.get();
      if (failure instanceof RecordTooLargeException) {
        throw HttpException.tooLarge(
            "the broker takes no record of this size: " + failure.getMessage());
      }
      if (failure != null || !all) {
        throw new RetriableException(
            "the broker did not acknowledge all records; send them again", failure);
      }
    }
  }
}
