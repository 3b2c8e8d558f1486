package dev.tributary.evaluator.suite;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fills a {@link SuiteStore} from the topics, committed records only, from the beginning and
 * without a consumer group. Both the held-out records and those that are trained on join the
 * suites. One thread.
 */
public final class SuiteReader implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SuiteReader.class);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Consumer<byte[], byte[]> consumer;
  private final AvroDecoder<TrainingExample> decoder;
  private final SuiteStore store;
  private final SuiteListener listener;
  private final List<TopicPartition> partitions;

  private SuiteReader(
      Consumer<byte[], byte[]> consumer,
      AvroDecoder<TrainingExample> decoder,
      SuiteStore store,
      SuiteListener listener) {
    this.consumer = consumer;
    this.decoder = decoder;
    this.store = store;
    this.listener = listener;
    this.partitions =
        Stream.of(Topics.HELDOUT.name(), Topics.EXAMPLES.name())
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * @param consumerSettings client settings, such as {@code KafkaSettings.consumer()}
   * @param listener told what became of each held-out record
   */
  public static SuiteReader open(
      Map<String, Object> consumerSettings,
      AvroDecoder<TrainingExample> decoder,
      SuiteStore store,
      SuiteListener listener) {
    Map<String, Object> settings = new HashMap<>(consumerSettings);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Asking for the end waits for the fetch before it on the same connection.
    settings.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    return new SuiteReader(
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
        decoder,
        store,
        listener);
  }

  /**
   * Reads everything committed before this call.
   *
   * @throws RetriableException when that takes longer than the limit
   */
  public void readToEnd(Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (!isReached(ends)) {
      if (System.nanoTime() - deadline > 0) {
        throw new RetriableException(
            "the held-out records could not be read within %d s".formatted(limit.toSeconds()));
      }
      consumer.poll(POLL).forEach(this::take);
    }
  }

  /** Records of this held-out partition from the returned offset on have not been read. */
  public long heldOutPosition(int partition) {
    return consumer.position(new TopicPartition(Topics.HELDOUT.name(), partition));
  }

  /**
   * Told records of this partition from the returned offset on have not been read; 0 for a
   * partition that is none.
   */
  public long toldPosition(int partition) {
    TopicPartition told = new TopicPartition(Topics.EXAMPLES.name(), partition);
    return partitions.contains(told) ? consumer.position(told) : 0;
  }

  public SuiteStore store() {
    return store;
  }

  private boolean isReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void take(ConsumerRecord<byte[], byte[]> message) {
    boolean heldOut = message.topic().equals(Topics.HELDOUT.name());
    try {
      TrainingExample example = decoder.decode(message.value());
      requireKey(message, example);
      SuiteRecord record = new SuiteRecord(example, message.partition(), message.offset());
      if (heldOut) {
        listener.onArrival(store.addHeldOut(record).code());
      } else {
        store.addTold(record);
      }
    } catch (BadRecordException e) {
      skip(message, e.reason(), e);
    } catch (ConfigException e) { // an adapter id that is none
      skip(message, "invalid_adapter", e);
    }
  }

  /**
   * The suites are rebuilt at every start, so a bad record is counted here and not sent to the dead
   * letters each time.
   */
  private void skip(ConsumerRecord<byte[], byte[]> message, String reason, Exception cause) {
    listener.onArrival(reason);
    LOG.warn(
        "record {} of {}-{} is skipped ({}): {}",
        message.offset(),
        message.topic(),
        message.partition(),
        reason,
        cause.getMessage());
  }

  private static void requireKey(ConsumerRecord<byte[], byte[]> message, TrainingExample example) {
    String key = message.key() == null ? null : new String(message.key(), StandardCharsets.UTF_8);
    if (!example.getAdapter().equals(key)) {
      throw new BadRecordException(
          "key_mismatch",
          "the key is '%s', the record's adapter '%s'; they must be equal"
              .formatted(key, example.getAdapter()));
    }
  }

  /** The consumer, for metrics. */
  public Consumer<byte[], byte[]> consumer() {
    return consumer;
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
