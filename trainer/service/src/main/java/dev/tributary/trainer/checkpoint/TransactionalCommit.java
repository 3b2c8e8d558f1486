package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * One Kafka transaction for checkpoint pointer, candidate, dead letters and consumed offsets.
 *
 * <p>The transaction is opened only after the work is done and the checkpoint's bytes are stored,
 * so it lasts milliseconds. The offsets go with the consumer's group metadata: an instance that has
 * lost its partitions is refused, however late it comes. After any failure the producer is thrown
 * away and the next one is initialised anew, which ends whatever the old one left open.
 *
 * <p>Not thread-safe.
 */
public final class TransactionalCommit implements AutoCloseable {

  private final Supplier<Producer<byte[], byte[]>> producers;
  private Producer<byte[], byte[]> producer;

  /**
   * @param producers makes transactional producers that share one transactional id; they are closed
   *     here
   */
  public TransactionalCommit(Supplier<Producer<byte[], byte[]>> producers) {
    this.producers = producers;
  }

  /**
   * Commits all or nothing.
   *
   * @throws CommitFailure if it is not known to be committed
   * @throws ConfigException if it can never be: a record is too large, or access is denied
   */
  public void commit(
      List<ProducerRecord<byte[], byte[]>> messages,
      Map<TopicPartition, ResumePoint> positions,
      ConsumerGroupMetadata group)
      throws CommitFailure {
    try {
      initialise();
      producer.beginTransaction();
      messages.forEach(message -> producer.send(message));
      producer.sendOffsetsToTransaction(
          positions.entrySet().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, at -> at.getValue().toCommit())),
          group);
      // A failed send makes the commit fail, so no send can be lost unseen.
      producer.commitTransaction();
    } catch (KafkaException e) {
      discardProducer();
      throw failure(e);
    }
  }

  private void initialise() {
    if (producer == null) {
      Producer<byte[], byte[]> fresh = producers.get();
      try {
        fresh.initTransactions();
      } catch (KafkaException e) {
        fresh.close(Duration.ZERO);
        throw e;
      }
      producer = fresh;
    }
  }

  private CommitFailure failure(KafkaException e) {
    for (Throwable cause : causes(e)) {
      switch (cause) {
        case RecordTooLargeException tooLarge ->
            throw new ConfigException(
                "a record cannot be written: %s; raise kafka.producer.max.request.size and the topic's"
                        .formatted(tooLarge.getMessage())
                    + " max.message.bytes",
                e);
        case AuthorizationException denied -> throw denied(e);
        case AuthenticationException denied -> throw denied(e);
        case UnsupportedVersionException old -> throw denied(e);
        case ProducerFencedException fenced -> {
          return new CommitFailure(CommitFailure.Kind.FENCED, e);
        }
        case InvalidProducerEpochException fenced -> {
          return new CommitFailure(CommitFailure.Kind.FENCED, e);
        }
        case CommitFailedException rebalanced -> {
          return new CommitFailure(CommitFailure.Kind.FENCED, e);
        }
        case FencedInstanceIdException fenced -> {
          return new CommitFailure(CommitFailure.Kind.FENCED, e);
        }
        case TimeoutException late -> {
          return new CommitFailure(CommitFailure.Kind.UNKNOWN, e);
        }
        case InterruptException interrupted -> {
          return new CommitFailure(CommitFailure.Kind.UNKNOWN, e);
        }
        default -> {}
      }
    }
    return new CommitFailure(CommitFailure.Kind.ABORTED, e);
  }

  private static ConfigException denied(KafkaException e) {
    return new ConfigException(
        "kafka: the broker does not let this trainer commit (%s); check its credentials and ACLs"
            .formatted(e.getMessage()),
        e);
  }

  private static List<Throwable> causes(Throwable e) {
    return Stream.iterate(e, cause -> cause != null, Throwable::getCause).limit(16).toList();
  }

  private void discardProducer() {
    if (producer != null) {
      producer.close(Duration.ZERO);
      producer = null;
    }
  }

  /** Ends an open transaction, if any, without waiting. */
  @Override
  public void close() {
    discardProducer();
  }
}
