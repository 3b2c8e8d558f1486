package dev.tributary.trainer.state;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Reads what {@link StateOutput} wrote. Lengths are checked against what is left before anything is
 * allocated, so damaged bytes cost no memory; every failure is an {@link IOException} that names
 * the place.
 */
public final class StateInput {

  private final ByteBuffer bytes;

  public StateInput(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  public int readInt() throws IOException {
    return read(bytes::getInt);
  }

  public long readLong() throws IOException {
    return read(bytes::getLong);
  }

  public double readDouble() throws IOException {
    return read(bytes::getDouble);
  }

  public String readString() throws IOException {
    byte[] value = readBytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("text before byte %d is not UTF-8".formatted(bytes.position()), e);
    }
  }

  public String readNullableString() throws IOException {
    int mark = readInt();
    if (mark != 0 && mark != 1) {
      throw new IOException(
          "mark %d before byte %d is neither 0 nor 1".formatted(mark, bytes.position()));
    }
    return mark == 0 ? null : readString();
  }

  public byte[] readBytes() throws IOException {
    byte[] value = new byte[readCount(1)];
    bytes.get(value);
    return value;
  }

  public int[] readInts() throws IOException {
    int[] values = new int[readCount(Integer.BYTES)];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.getInt();
    }
    return values;
  }

  /**
   * Reads how many elements follow.
   *
   * @param atLeastBytes the fewest bytes an element takes; a count that cannot fit is refused
   */
  public int readCount(int atLeastBytes) throws IOException {
    int count = readInt();
    if (count < 0 || (long) count * atLeastBytes > bytes.remaining()) {
      throw new IOException(
          "length %d before byte %d, but %d bytes are left"
              .formatted(count, bytes.position(), bytes.remaining()));
    }
    return count;
  }

  /** Refuses bytes after the end. */
  public void requireEnd() throws IOException {
    if (bytes.hasRemaining()) {
      throw new IOException("%d bytes too many".formatted(bytes.remaining()));
    }
  }

  private <T> T read(Supplier<T> read) throws IOException {
    try {
      return read.get();
    } catch (BufferUnderflowException e) {
      throw new IOException("cut off at byte %d".formatted(bytes.position()), e);
    }
  }
}
