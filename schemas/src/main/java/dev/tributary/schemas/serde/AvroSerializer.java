package dev.tributary.schemas.serde;

import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.registry.Subjects;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Encodes a contract's record in Confluent's wire format. The schema is registered with the first
 * record written. Thread-safe.
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {

  private static final int TYPICAL_BYTES = 512;
  private static final int UNREGISTERED = -1;

  private final SchemaRegistry registry;
  private final Schema schema;
  private final SpecificDatumWriter<T> writer;
  private volatile int schemaId = UNREGISTERED;

  public AvroSerializer(Class<T> type, SchemaRegistry registry) {
    SpecificData model = SpecificData.getForClass(type);
    this.registry = registry;
    this.schema = model.getSchema(type);
    this.writer = new SpecificDatumWriter<>(schema, model);
  }

  /** As {@link #encode}; null, Kafka's tombstone, stays null. */
  @Override
  public byte[] serialize(String topic, T value) {
    return value == null ? null : encode(value);
  }

  /**
   * @throws dev.tributary.foundation.error.ConfigException if the registry refuses the schema
   * @throws dev.tributary.foundation.error.RetriableException if the registry cannot be reached now
   */
  public byte[] encode(T value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_BYTES);
    WireFormat.writeHeader(out, schemaId());
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      writer.write(value, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /** Threads that race here register the same schema and get the same id. */
  private int schemaId() {
    if (schemaId == UNREGISTERED) {
      schemaId = registry.register(Subjects.of(schema), schema);
    }
    return schemaId;
  }
}
