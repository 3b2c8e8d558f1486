package dev.tributary.ingest.topology;

import java.time.Clock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Stamps records with the time they are processed. A Kafka timestamp is whatever its producer
 * wrote; one of 2⁶³−1 would push the stream's time to its end and hang or expire everything that
 * follows.
 */
final class ProcessingTime implements TimestampExtractor {

  private final Clock clock;

  ProcessingTime(Clock clock) {
    this.clock = clock;
  }

  @Override
  public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
    return clock.millis();
  }
}
