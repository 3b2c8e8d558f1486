package dev.tributary.trainer.state;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes the parts of a checkpoint into memory, big-endian, with the length before everything of
 * variable size. Equal values give equal bytes. Read back by {@link StateInput}.
 */
public final class StateOutput {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  public void writeInt(int value) {
    write(() -> out.writeInt(value));
  }

  public void writeLong(long value) {
    write(() -> out.writeLong(value));
  }

  public void writeDouble(double value) {
    write(() -> out.writeDouble(value));
  }

  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  /** Null is kept apart from the empty string. */
  public void writeNullableString(String value) {
    writeInt(value == null ? 0 : 1);
    if (value != null) {
      writeString(value);
    }
  }

  public void writeBytes(byte[] value) {
    write(
        () -> {
          out.writeInt(value.length);
          out.write(value);
        });
  }

  public void writeInts(int[] values) {
    write(
        () -> {
          out.writeInt(values.length);
          for (int value : values) {
            out.writeInt(value);
          }
        });
  }

  /** For a part that writes itself; it needs its own end mark or its own length. */
  public OutputStream stream() {
    return out;
  }

  public byte[] toByteArray() {
    return bytes.toByteArray();
  }

  private static void write(Write write) {
    try {
      write.run();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
  }

  private interface Write {
    void run() throws IOException;
  }
}
