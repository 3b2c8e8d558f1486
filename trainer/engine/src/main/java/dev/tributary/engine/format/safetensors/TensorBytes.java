package dev.tributary.engine.format.safetensors;

import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The bytes of one tensor in an open file. They are read chunk by chunk, so that a model in 16 bits
 * never has its whole file in memory beside its float32 copy.
 */
final class TensorBytes {

  /** Elements read and converted at a time. */
  private static final int CHUNK = 1 << 18;

  private final Path file;
  private final FileChannel channel;
  private final long position;
  private final TensorEntry entry;

  /**
   * @param position of the tensor's first byte in the file
   */
  TensorBytes(Path file, FileChannel channel, long position, TensorEntry entry) {
    this.file = file;
    this.channel = channel;
    this.position = position;
    this.entry = entry;
  }

  /** Copies all elements as float32. */
  void read(MemorySegment target) {
    int bytes = entry.dtype().bytes();
    int chunk = (int) Math.min(CHUNK, entry.elements());
    float[] values = new float[chunk];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(Math.max(1, (long) chunk * bytes), 8);
      for (long from = 0; from < entry.elements(); from += chunk) {
        int count = (int) Math.min(chunk, entry.elements() - from);
        fill(buffer.asSlice(0, (long) count * bytes).asByteBuffer(), from * bytes);
        entry.dtype().toFloats(buffer, 0, MemorySegment.ofArray(values), 0, count);
        requireFinite(values, count, from);
        MemorySegment.copy(values, 0, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * from, count);
      }
    }
  }

  /** Maps the float32 elements; they stay mapped as long as the segment is referred to. */
  MemorySegment map() {
    MemorySegment mapped = mapUnchecked();
    float[] values = new float[(int) Math.min(CHUNK, entry.elements())];
    for (long from = 0; from < entry.elements(); from += values.length) {
      int count = (int) Math.min(values.length, entry.elements() - from);
      MemorySegment.copy(mapped, ValueLayout.JAVA_FLOAT, 4 * from, values, 0, count);
      requireFinite(values, count, from);
    }
    return mapped;
  }

  /** Maps the elements, whatever their type and values. */
  MemorySegment mapUnchecked() {
    try {
      long size = entry.end() - entry.begin();
      return channel.map(FileChannel.MapMode.READ_ONLY, position, size, Arena.ofAuto());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void fill(ByteBuffer buffer, long offset) {
    try {
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + offset + buffer.position()) < 0) {
          throw new CorruptArtifactException(
              file, "ends inside tensor '%s': it was cut while open".formatted(entry.name()));
        }
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private void requireFinite(float[] values, int count, long from) {
    for (int i = 0; i < count; i++) {
      if (!Float.isFinite(values[i])) {
        throw new CorruptArtifactException(
            file, "tensor '%s': holds %s at index %d".formatted(entry.name(), values[i], from + i));
      }
    }
  }

  private RuntimeException unreadable(IOException e) {
    String tensor = "tensor '%s' cannot be read: %s".formatted(entry.name(), e.getMessage());
    return e instanceof ClosedByInterruptException
        ? new UncheckedIOException(file + ": " + tensor, e)
        : new CorruptArtifactException(file, tensor, e);
  }
}
