package dev.tributary.ingest.topology;

import dev.tributary.ingest.topology.state.RocksDbMemory;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings Kafka Streams runs the topology with. */
public final class StreamsSettings {

  private StreamsSettings() {}

  /**
   * The user's own settings, with what correctness depends on put over them and what is only a
   * better default put under them.
   *
   * @param stateDirectory for local state; one process at a time
   */
  public static Map<String, Object> of(
      TopologyConfig config, KafkaSettings kafka, TopicSettings topics, Path stateDirectory) {
    Map<String, Object> settings = kafka.streams();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, topics.replicationFactor());
    settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbMemory.Setter.class);
    settings.put(RocksDbMemory.CONFIG, new RocksDbMemory());

    // One output record may hold two inputs, and internal topics hold inputs with an envelope.
    settings.putIfAbsent(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
        Topics.LARGE_MESSAGE_BYTES);
    settings.putIfAbsent(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        String.valueOf(Topics.LARGE_MESSAGE_BYTES));
    // After a kill -9 the partitions wait for this long before another instance, or the restarted
    // one, gets them.
    settings.putIfAbsent(
        StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
    settings.putIfAbsent(
        StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 3_000);
    return settings;
  }
}
