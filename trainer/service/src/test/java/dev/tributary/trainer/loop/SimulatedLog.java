package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.AvroSerializer;
import dev.tributary.schemas.serde.Contracts;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A partition's records in memory, with offsets that have gaps as transactions leave them. */
final class SimulatedLog {

  private static final List<String> WORDINGS =
      List.of(
          "How long may I return an order?",
          "Hello, how long may one return an order?",
          "May I return an order late, and how long?",
          "When do you open?");

  private final AvroSerializer<TrainingExample> serializer =
      Contracts.serializer(TrainingExample.class, new LocalSchemaRegistry());
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private long nextOffset;

  List<ConsumerRecord<byte[], byte[]>> records() {
    return List.copyOf(records);
  }

  /** Appends an example and returns its offset. */
  long append(long timestamp, TrainingExample example) {
    return append(timestamp, example.getAdapter(), serializer.encode(example));
  }

  long append(long timestamp, String key, byte[] value) {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    records.add(
        new ConsumerRecord<>(
            SimulatedTrainer.PARTITION.topic(),
            SimulatedTrainer.PARTITION.partition(),
            nextOffset,
            timestamp,
            TimestampType.LOG_APPEND_TIME,
            keyBytes == null ? -1 : keyBytes.length,
            value == null ? -1 : value.length,
            keyBytes,
            value,
            new RecordHeaders(),
            Optional.empty()));
    return nextOffset++;
  }

  /** As a transaction's end marker does. */
  void gap() {
    nextOffset++;
  }

  /** One of some answers to {@link #WORDINGS} that are long enough to be told apart. */
  static String answer(int number) {
    return "answer " + number + " to all of this";
  }

  /** Bursts and pauses of several adapters, with all that can be wrong or special. */
  static SimulatedLog random(SplittableRandom random, List<AdapterId> adapters, int length) {
    SimulatedLog log = new SimulatedLog();
    long time = 1_000_000;
    for (int i = 0; i < length; i++) {
      time += random.nextInt(4) == 0 ? random.nextInt(400) : random.nextInt(10);
      AdapterId adapter = adapters.get(random.nextInt(adapters.size()));
      TrainingExample.Builder example =
          ExampleFeed.example(adapter, "e" + i)
              .setPrompt("?".repeat(1 + random.nextInt(12)) + i)
              .setSlice("s" + random.nextInt(3));
      switch (random.nextInt(18)) {
        case 0 -> log.gap();
        case 1 -> log.append(time, adapter.toString(), new byte[] {1, 2, 3});
        case 2 -> log.append(time, example.setKind(ExampleKind.PREFERENCE).build());
        case 3, 4, 5 ->
            log.append(
                time,
                example
                    .setFactKey("fact" + random.nextInt(3))
                    .setCompletion("answer " + random.nextInt(3))
                    .setTrust(Trust.TRUSTED)
                    .setEventTime(Instant.ofEpochMilli(1_000 + random.nextInt(50)))
                    .build());
        case 6, 7, 8 -> {
          boolean correction = random.nextInt(3) == 0;
          log.append(
              time,
              example
                  .setPrompt(WORDINGS.get(random.nextInt(WORDINGS.size())))
                  .setCompletion(answer(random.nextInt(3)))
                  .setTrust(random.nextBoolean() ? Trust.TRUSTED : Trust.CORROBORATED)
                  .setRejected(correction ? answer(random.nextInt(3)) : null)
                  .setEventTime(Instant.ofEpochMilli(1_000 + random.nextInt(50)))
                  .build());
        }
        default -> log.append(time, example.build());
      }
    }
    return log;
  }
}
