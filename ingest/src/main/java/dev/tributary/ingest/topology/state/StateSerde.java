package dev.tributary.ingest.topology.state;

import dev.tributary.schemas.serde.ContractModel;
import java.io.IOException;
import java.io.InputStream;
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
    return of(FeedbackState.class, "FeedbackState-1.avsc");
  }

  public static Serde<Voices> voices() {
    return of(Voices.class);
  }

  public static Serde<WaitingExample> waitingExamples() {
    return of(WaitingExample.class);
  }

  public static Serde<TrustState> trustStates() {
    return of(TrustState.class);
  }

  public static Serde<QuestionSide> questionSides() {
    return of(QuestionSide.class);
  }

  public static Serde<AnswerWordings> answerWordings() {
    return of(AnswerWordings.class);
  }

  /**
   * @param earlier schemas that state from before an update may have been written with
   */
  private static <T extends SpecificRecordBase> Serde<T> of(Class<T> type, String... earlier) {
    ContractModel model = new ContractModel(type);
    Schema schema = model.getSchema(type);
    BinaryMessageEncoder<T> encoder = new BinaryMessageEncoder<>(model, schema);
    BinaryMessageDecoder<T> decoder = new BinaryMessageDecoder<>(model, schema);
    for (String resource : earlier) {
      decoder.addSchema(read(resource));
    }
    return Serdes.serdeFrom(
        (topic, value) -> encode(encoder, value), (topic, data) -> decode(decoder, data));
  }

  private static Schema read(String resource) {
    try (InputStream in = StateSerde.class.getResourceAsStream(resource)) {
      return new Schema.Parser().parse(in);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + resource, e);
    }
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
