package dev.tributary.trainer.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.trainer.checkpoint.CommitFailure.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TransactionalCommitTest {

  private static final TopicPartition PARTITION = new TopicPartition("tributary.examples", 0);
  private static final ResumePoint POINT =
      new ResumePoint(new InputIdentity("cluster", "tributary.examples", "id"), 7, 9, 1);
  private static final ConsumerGroupMetadata GROUP = groupMetadata();

  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();
  private final List<Consumer<MockProducer<byte[], byte[]>>> faults = new ArrayList<>();
  private final TransactionalCommit commit =
      new TransactionalCommit(
          () -> {
            MockProducer<byte[], byte[]> producer =
                new MockProducer<>(
                    true, null, new ByteArraySerializer(), new ByteArraySerializer());
            producers.add(producer);
            if (!faults.isEmpty()) {
              faults.removeFirst().accept(producer);
            }
            return producer;
          });

  @Test
  void recordsAndOffsetsAreOneTransaction() throws CommitFailure {
    commitOne();
    MockProducer<byte[], byte[]> producer = producers.getFirst();
    assertTrue(producer.transactionInitialized());
    assertTrue(producer.transactionCommitted());
    assertEquals(1, producer.history().size());
    assertEquals(
        POINT.toCommit(),
        producer.consumerGroupOffsetsHistory().getFirst().get(GROUP.groupId()).get(PARTITION));
  }

  @Test
  void goodProducerIsKept() throws CommitFailure {
    commitOne();
    commitOne();
    assertEquals(1, producers.size());
    assertEquals(2, producers.getFirst().commitCount());
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new TimeoutException("no answer"), Kind.UNKNOWN),
        Arguments.of(new ProducerFencedException("newer epoch"), Kind.FENCED),
        Arguments.of(new InvalidProducerEpochException("old epoch"), Kind.FENCED),
        Arguments.of(new CommitFailedException("rebalanced"), Kind.FENCED),
        Arguments.of(new KafkaException("other"), Kind.ABORTED));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void afterAFailureTheNextProducerIsInitialisedAnew(KafkaException failure, Kind kind)
      throws CommitFailure {
    // given
    faults.add(producer -> producer.commitTransactionException = failure);

    // when
    CommitFailure thrown = assertThrows(CommitFailure.class, this::commitOne);

    // then
    assertEquals(kind, thrown.kind());
    assertTrue(producers.getFirst().closed());
    commitOne();
    assertEquals(2, producers.size());
    assertTrue(producers.getLast().transactionCommitted());
  }

  @Test
  void refusedOffsetsCommitNothing() {
    faults.add(
        producer ->
            producer.sendOffsetsToTransactionException = new CommitFailedException("rebalanced"));
    assertEquals(Kind.FENCED, assertThrows(CommitFailure.class, this::commitOne).kind());
    assertFalse(producers.getFirst().transactionCommitted());
    assertEquals(List.of(), producers.getFirst().history());
  }

  @Test
  void producerThatCannotBeInitialisedIsThrownAway() throws CommitFailure {
    faults.add(producer -> producer.initTransactionException = new TimeoutException("no broker"));
    assertEquals(Kind.UNKNOWN, assertThrows(CommitFailure.class, this::commitOne).kind());
    assertTrue(producers.getFirst().closed());
    commitOne();
  }

  @Test
  void deadLetterThatIsTooLargeStopsInsteadOfBeingSkipped() {
    faults.add(
        producer ->
            producer.commitTransactionException =
                new KafkaException("send failed", new RecordTooLargeException("2 MiB")));
    ConfigException stop = assertThrows(ConfigException.class, this::commitOne);
    assertTrue(stop.getMessage().contains("max.request.size"), stop::getMessage);
  }

  @Test
  void deniedAccessStops() {
    faults.add(
        producer ->
            producer.commitTransactionException =
                new TopicAuthorizationException("tributary.checkpoints"));
    assertThrows(ConfigException.class, this::commitOne);
  }

  /** As the consumer gives it; its constructors are not for the public any more. */
  private static ConsumerGroupMetadata groupMetadata() {
    try (MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none")) {
      return consumer.groupMetadata();
    }
  }

  private void commitOne() throws CommitFailure {
    commit.commit(
        List.of(new ProducerRecord<>("tributary.checkpoints", new byte[] {1}, new byte[] {2})),
        Map.of(PARTITION, POINT),
        GROUP);
  }
}
