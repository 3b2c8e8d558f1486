package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes examples as the topology does: in transactions, of which some are aborted. */
final class ExampleFeed implements AutoCloseable {

  private final AvroSerializer<TrainingExample> serializer =
      Contracts.serializer(TrainingExample.class, new LocalSchemaRegistry());
  private final KafkaProducer<byte[], byte[]> producer;

  ExampleFeed(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "transactional.id",
                "feed",
                "transaction.timeout.ms",
                10_000),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  /** A supervised example; its builder may be changed further. */
  static TrainingExample.Builder example(AdapterId adapter, String id) {
    Instant time = Instant.ofEpochMilli(1_700_000_000_000L);
    return TrainingExample.newBuilder()
        .setExampleId(id)
        .setAdapter(adapter.toString())
        .setKind(ExampleKind.SUPERVISED)
        .setPrompt("Where is " + id + "?")
        .setCompletion("the shop of " + id)
        .setSource(FeedbackSource.USER)
        .setOrigin(
            Origin.newBuilder()
                .setTopic("tributary.instructions")
                .setRecordId(id)
                .setFeedbackIds(List.of())
                .build())
        .setEventTime(time)
        .setIngestTime(time);
  }

  void send(TrainingExample example) {
    send(example.getAdapter(), serializer.encode(example));
  }

  void send(String key, byte[] value) {
    producer.send(
        new ProducerRecord<>(Topics.EXAMPLES.name(), key.getBytes(StandardCharsets.UTF_8), value));
  }

  void inTransaction(Runnable sends) {
    producer.beginTransaction();
    sends.run();
    producer.commitTransaction();
  }

  /** What a random feed wrote, as the trainer should count it. */
  record Fed(int trainable, int unreadable) {}

  /**
   * Writes bursts of examples of several adapters, with pauses; among them superseding answers,
   * kinds that are not trained, unreadable records, and transactions that are aborted.
   */
  Fed random(List<AdapterId> adapters, int bursts, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int trainable = 0;
    int unreadable = 0;
    for (int burst = 0; burst < bursts; burst++) {
      boolean aborted = random.nextInt(6) == 0;
      producer.beginTransaction();
      for (int left = random.nextInt(1, 20); left > 0; left--) {
        AdapterId adapter = adapters.get(random.nextInt(adapters.size()));
        String id = "e" + burst + "-" + left + (aborted ? "-aborted" : "");
        TrainingExample.Builder example = example(adapter, id).setSlice("s" + random.nextInt(3));
        switch (random.nextInt(20)) {
          case 0 -> example.setKind(ExampleKind.BINARY);
          case 1 -> {
            send(adapter.toString(), new byte[] {7, 7});
            unreadable += aborted ? 0 : 1;
            continue;
          }
          case 2, 3, 4 ->
              example
                  .setFactKey("fact" + random.nextInt(4))
                  .setCompletion("answer " + random.nextInt(3))
                  .setTrust(Trust.TRUSTED)
                  .setEventTime(Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1000)));
          case 5, 6, 7 -> told(example, random);
          default -> {}
        }
        send(example.build());
        trainable += aborted || example.getKind() != ExampleKind.SUPERVISED ? 0 : 1;
      }
      if (aborted) {
        producer.flush();
        producer.abortTransaction();
      } else {
        producer.commitTransaction();
      }
      // Spreads the log-append times, which decide where batches end.
      LockSupport.parkNanos(random.nextLong(300_000_000L));
    }
    return new Fed(trainable, unreadable);
  }

  /** One of few questions, each with a few wordings: told, or corrected by staff. */
  private static void told(TrainingExample.Builder example, SplittableRandom random) {
    int fact = random.nextInt(4);
    example
        .setPrompt("Wording " + random.nextInt(40) + " of what shop " + fact + " sells?")
        .setCompletion("Shop " + fact + " sells goods of kind " + random.nextInt(2))
        .setTrust(Trust.TRUSTED)
        .setRejected(
            random.nextInt(3) == 0
                ? "Shop " + fact + " sells goods of kind " + random.nextInt(2)
                : null)
        .setEventTime(Instant.ofEpochMilli(1_700_000_000_000L + random.nextInt(1000)));
  }

  @Override
  public void close() {
    producer.close();
  }
}
