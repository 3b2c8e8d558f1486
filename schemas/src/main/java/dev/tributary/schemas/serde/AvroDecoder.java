package dev.tributary.schemas.serde;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.registry.SchemaRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;

/**
 * Decodes Confluent's wire format into a contract's record, resolving whatever schema it was
 * written with to the one compiled in. Not thread-safe: one instance a thread.
 */
public final class AvroDecoder<T extends SpecificRecord> {

  private record Writer<T>(Schema schema, SpecificDatumReader<T> reader) {}

  private final SchemaRegistry registry;
  private final ContractModel model;
  private final Schema readerSchema;
  private final Map<Integer, Writer<T>> writers = new HashMap<>();
  private BinaryDecoder reused;

  public AvroDecoder(Class<T> type, SchemaRegistry registry) {
    this.registry = registry;
    this.model = new ContractModel(type);
    this.readerSchema = model.getSchema(type);
  }

  /**
   * @throws BadRecordException if these bytes can never be read, with reason {@code null_value},
   *     {@code bad_magic}, {@code unknown_schema} (no such id), {@code schema_mismatch} (another
   *     record's schema), {@code avro_limit} (claims more than is read) or {@code avro_malformed}
   * @throws dev.tributary.foundation.error.RetriableException if the registry cannot be reached now
   */
  public T decode(byte[] data) {
    int schemaId = WireFormat.readSchemaId(data);
    Writer<T> writer = writers.get(schemaId);
    if (writer == null) {
      writer = resolve(schemaId);
      writers.put(schemaId, writer);
    }
    AvroBounds.check(writer.schema(), data, WireFormat.HEADER_BYTES, AvroLimits.DEFAULT);
    int length = data.length - WireFormat.HEADER_BYTES;
    reused = DecoderFactory.get().binaryDecoder(data, WireFormat.HEADER_BYTES, length, reused);
    try {
      return writer.reader().read(null, reused);
    } catch (IOException | AvroRuntimeException | ArithmeticException e) {
      throw new BadRecordException(
          "avro_malformed",
          "cannot be read as %s: %s".formatted(readerSchema.getName(), e.getMessage()),
          e);
    }
  }

  private Writer<T> resolve(int schemaId) {
    Schema schema = registry.schema(schemaId);
    if (!schema.getFullName().equals(readerSchema.getFullName())) {
      throw new BadRecordException(
          "schema_mismatch",
          "schema id %d is %s; this topic holds %s"
              .formatted(schemaId, schema.getFullName(), readerSchema.getFullName()));
    }
    return new Writer<>(schema, new SpecificDatumReader<>(schema, readerSchema, model));
  }
}
