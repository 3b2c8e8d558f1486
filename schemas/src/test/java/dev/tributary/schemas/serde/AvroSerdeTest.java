package dev.tributary.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.Samples;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdeTest {

  private static final String SUBJECT = "dev.tributary.schemas.Feedback";

  private final LocalSchemaRegistry registry = new LocalSchemaRegistry();
  private final AvroSerializer<Feedback> serializer =
      Contracts.serializer(Feedback.class, registry);
  private final AvroDecoder<Feedback> decoder = Contracts.decoder(Feedback.class, registry);

  @Test
  void whatIsWrittenIsRead() {
    assertEquals(Samples.feedback(), decoder.decode(serializer.encode(Samples.feedback())));
  }

  @Test
  void nestedRecordsAndEnumsAreRead() {
    try (Serde<TrainingExample> serde = Contracts.serde(TrainingExample.class, registry)) {
      byte[] bytes = serde.serializer().serialize("t", Samples.example());
      assertEquals(Samples.example(), serde.deserializer().deserialize("t", bytes));
    }
  }

  @Test
  void theHeaderIsConfluents() {
    // when
    ByteBuffer bytes = ByteBuffer.wrap(serializer.encode(Samples.feedback()));

    // then
    assertEquals(0, bytes.get());
    assertEquals(registry.register(SUBJECT, Feedback.getClassSchema()), bytes.getInt());
  }

  @Test
  void aTombstoneStaysOne() {
    try (Serde<Feedback> serde = Contracts.serde(Feedback.class, registry)) {
      assertNull(serde.serializer().serialize("t", null));
      assertNull(serde.deserializer().deserialize("t", null));
    }
    assertReason("null_value", null);
  }

  @Test
  void aRecordOfAnOlderWriterGetsTheDefaults() throws IOException {
    // given
    Schema older = Samples.olderFeedback();
    GenericRecord record = new GenericData.Record(older);
    record.put("feedback_id", "f1");
    record.put("request_id", "r1");
    record.put("kind", new GenericData.EnumSymbol(older.getField("kind").schema(), "THUMB"));
    record.put("event_time", Samples.TIME.toEpochMilli());
    record.put("ingest_time", Samples.TIME.toEpochMilli());

    // when
    Feedback read = decoder.decode(encode(older, record));

    // then
    assertEquals("user_feedback", read.getName());
    assertEquals(FeedbackSource.USER, read.getSource());
    assertNull(read.getCorrection());
    assertEquals(Samples.TIME, read.getEventTime());
  }

  @Test
  void aSymbolOfANewerWriterReadsAsTheDefault() throws IOException {
    // given a writer that knows another kind
    Schema newer =
        new Schema.Parser()
            .parse(
                Samples.olderFeedback()
                    .toString()
                    .replace("\"PREFERENCE\"", "\"PREFERENCE\",\"EMOJI\""));
    GenericRecord record = new GenericData.Record(newer);
    record.put("feedback_id", "f1");
    record.put("request_id", "r1");
    record.put("kind", new GenericData.EnumSymbol(newer.getField("kind").schema(), "EMOJI"));
    record.put("event_time", 1L);
    record.put("ingest_time", 1L);

    // then
    assertEquals(FeedbackKind.COMMENT, decoder.decode(encode(newer, record)).getKind());
  }

  @Test
  void anotherContractIsAMismatch() {
    byte[] bytes = Contracts.serializer(TrainingExample.class, registry).encode(Samples.example());
    assertReason("schema_mismatch", bytes);
  }

  @Test
  void whatIsNotTheWireFormatIsBadMagic() {
    assertReason("bad_magic", new byte[0]);
    assertReason("bad_magic", new byte[] {0, 0, 0, 1});
    assertReason("bad_magic", "{\"feedback_id\":\"f1\"}".getBytes());
  }

  @Test
  void anUnknownIdIsAnUnknownSchema() {
    byte[] bytes = serializer.encode(Samples.feedback());
    assertReason("unknown_schema", ByteBuffer.wrap(bytes).putInt(1, 12345).array());
    assertReason("unknown_schema", ByteBuffer.wrap(bytes).putInt(1, -1).array());
  }

  @Test
  void everyCutIsMalformed() {
    byte[] bytes = serializer.encode(Samples.feedback());
    for (int length = WireFormat.HEADER_BYTES; length < bytes.length; length++) {
      assertReason("avro_malformed", Arrays.copyOf(bytes, length));
    }
  }

  @Test
  void bytesLeftOverAreMalformed() {
    byte[] bytes = serializer.encode(Samples.feedback());
    assertReason("avro_malformed", Arrays.copyOf(bytes, bytes.length + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damagedBytesEitherReadOrGiveAReason(long seed) {
    // given
    Random random = new Random(seed);
    byte[] whole = Contracts.serializer(TrainingExample.class, registry).encode(Samples.example());
    AvroDecoder<TrainingExample> examples = Contracts.decoder(TrainingExample.class, registry);

    // when
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] damaged = whole.clone();
      for (int n = 0; n <= random.nextInt(4); n++) {
        int at = WireFormat.HEADER_BYTES + random.nextInt(whole.length - WireFormat.HEADER_BYTES);
        damaged[at] = (byte) random.nextInt(256);
      }
      try {
        examples.decode(damaged);
      } catch (BadRecordException e) {
        refused++;
        assertTrue(e.reason().startsWith("avro_"), e.reason());
      }
    }

    // then
    assertTrue(refused > 1_000, refused + " refused");
  }

  @Test
  void oneBadRecordDoesNotSpoilTheNext() {
    byte[] bytes = serializer.encode(Samples.feedback());
    assertReason("avro_malformed", Arrays.copyOf(bytes, 40));
    assertEquals(Samples.feedback(), decoder.decode(bytes));
  }

  @Test
  void recordsAreCopiedAndDefaultedWithoutTrustingPackagesProcessWide() {
    // given
    assertNull(System.getProperty("org.apache.avro.SERIALIZABLE_PACKAGES"));
    TrainingExample example = Samples.example();

    // then
    assertEquals(FeedbackSource.USER, example.getSource());
    assertEquals(example, TrainingExample.newBuilder(example).build());
  }

  @Test
  void classesOfOtherContractsAreNotLoaded() {
    // The model knows the classes of its own contract, whatever a schema names.
    ContractModel model = new ContractModel(Feedback.class);
    assertEquals(FeedbackKind.class, model.getClass(FeedbackKind.getClassSchema()));
    assertNull(model.getClass(Interaction.getClassSchema()));
  }

  private byte[] encode(Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    WireFormat.writeHeader(out, registry.register(SUBJECT, schema));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    return out.toByteArray();
  }

  private void assertReason(String reason, byte[] bytes) {
    BadRecordException refusal =
        assertThrows(BadRecordException.class, () -> decoder.decode(bytes));
    assertEquals(reason, refusal.reason(), refusal.getMessage());
  }
}
