package dev.tributary.schemas.serde;

import dev.tributary.schemas.registry.SchemaRegistry;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * {@link AvroDecoder} as Kafka's deserializer. A null value, which Kafka uses as a tombstone, stays
 * null; everything else that cannot be read throws as there. A consumer that must survive bad
 * records reads bytes and decodes them itself.
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

  private final AvroDecoder<T> decoder;

  public AvroDeserializer(Class<T> type, SchemaRegistry registry) {
    this.decoder = new AvroDecoder<>(type, registry);
  }

  @Override
  public T deserialize(String topic, byte[] data) {
    return data == null ? null : decoder.decode(data);
  }
}
