package dev.tributary.schemas.serde;

import dev.tributary.schemas.registry.SchemaRegistry;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * Makes serializers and deserializers for the contracts in {@link
 * dev.tributary.schemas.topics.Topics}.
 */
public final class Contracts {

  private Contracts() {}

  public static <T extends SpecificRecord> Serde<T> serde(Class<T> type, SchemaRegistry registry) {
    return Serdes.serdeFrom(serializer(type, registry), deserializer(type, registry));
  }

  public static <T extends SpecificRecord> AvroSerializer<T> serializer(
      Class<T> type, SchemaRegistry registry) {
    return new AvroSerializer<>(type, registry);
  }

  public static <T extends SpecificRecord> AvroDeserializer<T> deserializer(
      Class<T> type, SchemaRegistry registry) {
    return new AvroDeserializer<>(type, registry);
  }

  public static <T extends SpecificRecord> AvroDecoder<T> decoder(
      Class<T> type, SchemaRegistry registry) {
    return new AvroDecoder<>(type, registry);
  }
}
