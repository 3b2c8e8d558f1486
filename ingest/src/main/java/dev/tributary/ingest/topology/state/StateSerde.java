package dev.tributary.ingest.topology.state;

import dev.tributary.schemas.serde.ContractModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Serdes for what only the topology itself reads: Avro's single-object encoding, whose fingerprint
 * finds the writer's schema without a registry. Thread-safe.
 */
public final class StateSerde {

  private StateSerde() {}

  public static Serde<SourceRecord> sourceRecords() {
    return of(SourceRecord.class);
  }

  public static Serde<WaitingFeedback> waitingFeedback() {
    return of(WaitingFeedback.class);
  }

  public static Serde<FeedbackState> feedbackStates() {
    return of(FeedbackState.class);
  }

  public static Serde<QuestionSide> questionSides() {
    return of(QuestionSide.class);
  }

  public static Serde<AnswerWordings> answerWordings() {
    return of(AnswerWordings.class);
  }

  private static <T extends SpecificRecordBase> Serde<T> of(Class<T> type) {
    ContractModel model = new ContractModel(type);
    Schema schema = model.getSchema(type);
    BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(model, schema);
    BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(model, schema);
    return Serdes.serdeFrom(
        (topic, value) -> encode(encoder, value), (topic, data) -> decode(decoder, data));
  }

  private static <T> byte[] encode(BinaryMessageEncoder<T> encoder, T value) {
    if (value == null) {
      return null;
    }
    try {
      return Bytes.copyOf(encoder.encode(value));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
  }

  private static <T> T decode(BinaryMessageDecoder<T> decoder, byte[] data) {
    if (data == null) {
      return null;
    }
    try {
      return decoder.decode(ByteBuffer.wrap(data));
    } catch (IOException e) {
      throw new UncheckedIOException("state of %d bytes cannot be read".formatted(data.length), e);
    }
  }
}
