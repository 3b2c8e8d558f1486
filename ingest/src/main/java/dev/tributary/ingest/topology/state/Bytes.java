package dev.tributary.ingest.topology.state;

import java.nio.ByteBuffer;

/** Between byte arrays, which Kafka wants, and byte buffers, which Avro wants; null stays null. */
public final class Bytes {

  private Bytes() {}

  public static byte[] copyOf(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  public static ByteBuffer wrap(byte[] bytes) {
    return bytes == null ? null : ByteBuffer.wrap(bytes);
  }
}
