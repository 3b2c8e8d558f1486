package dev.tributary.schemas.serde;

import dev.tributary.foundation.error.BadRecordException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * Confluent's wire format: a zero byte, the writer schema's id as four bytes in network order, then
 * Avro's binary encoding. Described under "Wire format" in the Schema Registry documentation at
 * docs.confluent.io.
 */
final class WireFormat {

  static final int HEADER_BYTES = 5;
  private static final byte MAGIC = 0;

  private WireFormat() {}

  static void writeHeader(ByteArrayOutputStream out, int schemaId) {
    out.write(MAGIC);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(schemaId).array());
  }

  /**
   * @return the writer schema's id
   * @throws BadRecordException {@code null_value} or {@code bad_magic}
   */
  static int readSchemaId(byte[] data) {
    if (data == null) {
      throw new BadRecordException("null_value", "the record has no value");
    }
    if (data.length < HEADER_BYTES) {
      throw new BadRecordException(
          "bad_magic", "%d bytes are too short for Confluent's wire format".formatted(data.length));
    }
    if (data[0] != MAGIC) {
      throw new BadRecordException(
          "bad_magic",
          "the first byte is 0x%02x; Confluent's wire format starts with 0x00".formatted(data[0]));
    }
    return ByteBuffer.wrap(data, 1, Integer.BYTES).getInt();
  }
}
