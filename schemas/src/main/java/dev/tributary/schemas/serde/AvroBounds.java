package dev.tributary.schemas.serde;

import dev.tributary.foundation.error.BadRecordException;
import org.apache.avro.Schema;

/**
 * Walks an encoded record along its writer's schema without allocating anything, so that a lying
 * length or item count is found before Avro believes it. Avro's own limits are process-wide system
 * properties read once; these hold wherever the decoder is used.
 *
 * <p>One walk an instance. Encoding as in the <a
 * href="https://avro.apache.org/docs/1.12.0/specification/#binary-encoding">Avro specification</a>.
 */
final class AvroBounds {

  private static final int MAX_VARINT_BYTES = 10;

  private final byte[] data;
  private final AvroLimits limits;
  private int at;
  private long items;

  private AvroBounds(byte[] data, int from, AvroLimits limits) {
    this.data = data;
    this.at = from;
    this.limits = limits;
  }

  /**
   * Checks that the bytes from an offset to the end are exactly one datum within the limits.
   *
   * @throws BadRecordException {@code avro_limit} if it claims more than the limits, {@code
   *     avro_malformed} if it is cut short, has bytes left over or breaks the encoding
   */
  static void check(Schema writer, byte[] data, int from, AvroLimits limits) {
    AvroBounds walk = new AvroBounds(data, from, limits);
    walk.skip(writer, 0);
    if (walk.at != data.length) {
      throw walk.malformed("%d bytes are left over".formatted(data.length - walk.at));
    }
  }

  private void skip(Schema schema, int depth) {
    if (depth > limits.maxDepth()) {
      throw new BadRecordException(
          "avro_limit", "nested deeper than %d at byte %d".formatted(limits.maxDepth(), at));
    }
    switch (schema.getType()) {
      case NULL -> {}
      case BOOLEAN -> skipBoolean();
      case INT -> readInt();
      case LONG -> readLong();
      case FLOAT -> advance(Float.BYTES);
      case DOUBLE -> advance(Double.BYTES);
      case FIXED -> advance(schema.getFixedSize());
      case STRING, BYTES -> skipBytes();
      case ENUM -> readIndex(schema.getEnumSymbols().size(), "enum symbol");
      case UNION ->
          skip(
              schema.getTypes().get(readIndex(schema.getTypes().size(), "union branch")),
              depth + 1);
      case ARRAY -> skipBlocks(schema.getElementType(), false, depth);
      case MAP -> skipBlocks(schema.getValueType(), true, depth);
      case RECORD -> schema.getFields().forEach(field -> skip(field.schema(), depth + 1));
    }
  }

  private void skipBoolean() {
    int start = at;
    advance(1);
    if (data[start] != 0 && data[start] != 1) {
      throw malformed("a boolean is %d".formatted(data[start]));
    }
  }

  private void skipBytes() {
    long length = readLong();
    if (length < 0) {
      throw malformed("a length is %d".formatted(length));
    }
    if (length > limits.maxStringBytes()) {
      throw new BadRecordException(
          "avro_limit",
          "a field claims %d bytes; at most %d are read"
              .formatted(length, limits.maxStringBytes()));
    }
    advance((int) length);
  }

  private void skipBlocks(Schema item, boolean keyed, int depth) {
    for (long count = readLong(); count != 0; count = readLong()) {
      if (count < 0) {
        readLong(); // a negative count is followed by the block's size in bytes
        count = -count;
      }
      // Long.MIN_VALUE stays negative when negated.
      if (count < 0 || (items += count) > limits.maxItems()) {
        throw new BadRecordException(
            "avro_limit",
            "the record claims more than %d array or map items".formatted(limits.maxItems()));
      }
      for (long i = 0; i < count; i++) {
        if (keyed) {
          skipBytes();
        }
        skip(item, depth + 1);
      }
    }
  }

  private int readIndex(int size, String what) {
    int index = readInt();
    if (index < 0 || index >= size) {
      throw malformed("%s %d of %d".formatted(what, index, size));
    }
    return index;
  }

  private int readInt() {
    long value = readLong();
    if (value != (int) value) {
      throw malformed("an int is %d".formatted(value));
    }
    return (int) value;
  }

  /** Reads a zig-zag variable-length integer. */
  private long readLong() {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      int start = at;
      advance(1);
      value |= (long) (data[start] & 0x7f) << (7 * i);
      if (data[start] >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw malformed("a number is longer than %d bytes".formatted(MAX_VARINT_BYTES));
  }

  private void advance(int bytes) {
    if (bytes > data.length - at) {
      throw malformed("%d bytes are wanted, %d are left".formatted(bytes, data.length - at));
    }
    at += bytes;
  }

  private BadRecordException malformed(String detail) {
    return new BadRecordException("avro_malformed", "%s at byte %d".formatted(detail, at));
  }
}
