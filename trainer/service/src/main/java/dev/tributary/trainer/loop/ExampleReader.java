package dev.tributary.trainer.loop;

import dev.tributary.engine.data.Encoded;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.fact.Question;
import dev.tributary.schemas.serde.AvroDecoder;
import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes, checks and encodes records of the examples topic. Not thread-safe. */
final class ExampleReader {

  private final AvroDecoder<TrainingExample> decoder;
  private final ExampleEncoding encoding;

  ExampleReader(AvroDecoder<TrainingExample> decoder, ExampleEncoding encoding) {
    this.decoder = decoder;
    this.encoding = encoding;
  }

  /** Whose record it is, by its key alone; empty if the key names no adapter. */
  static Optional<AdapterId> adapter(ConsumerRecord<byte[], byte[]> message) {
    if (message.key() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(AdapterId.parse(new String(message.key(), StandardCharsets.UTF_8)));
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /**
   * @throws BadRecordException if it can never be trained
   */
  Reading read(ConsumerRecord<byte[], byte[]> message) {
    TrainingExample example = decoder.decode(message.value());
    AdapterId adapter =
        adapter(message)
            .filter(id -> id.toString().equals(example.getAdapter()))
            .orElseThrow(() -> keyMismatch(message, example));
    if (example.getKind() != ExampleKind.SUPERVISED) {
      return new Reading.Skipped("unsupported_kind");
    }
    requireWeight(example.getWeight());
    if (example.getWeight() == 0) {
      return new Reading.Skipped("zero_weight");
    }
    Encoded encoded = encoding.encode(example);
    if (encoded.example().supervisedCount() == 0) {
      throw new BadRecordException(
          "empty_completion",
          "example %s of %s: no token of the answer is left to learn"
              .formatted(example.getExampleId(), adapter));
    }
    return new Reading.Trainable(item(message, example, encoded), encoded.truncated());
  }

  private static TrainingItem item(
      ConsumerRecord<byte[], byte[]> message, TrainingExample example, Encoded encoded) {
    return new TrainingItem(
        example.getExampleId(),
        example.getOrigin().getRecordId(),
        message.offset(),
        message.timestamp(),
        example.getSlice(),
        Claim.of(
            example.getFactKey(),
            Question.of(example),
            example.getCompletion(),
            example.getRejected(),
            example.getTrust() == Trust.TRUSTED),
        example.getEventTime().toEpochMilli(),
        example.getIngestTime().toEpochMilli(),
        example.getWeight(),
        encoded.example());
  }

  private static void requireWeight(double weight) {
    if (!Double.isFinite(weight) || weight < 0) {
      throw new BadRecordException(
          "weight_range",
          "weight: '%s' cannot be used; use 0 or a positive number".formatted(weight));
    }
  }

  private static BadRecordException keyMismatch(
      ConsumerRecord<byte[], byte[]> message, TrainingExample example) {
    return new BadRecordException(
        "key_mismatch",
        "the key is '%s' but the example belongs to adapter '%s'; the key must be the adapter id"
            .formatted(
                message.key() == null ? null : new String(message.key(), StandardCharsets.UTF_8),
                example.getAdapter()));
  }
}
