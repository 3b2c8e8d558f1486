package dev.tributary.engine.format.safetensors;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file. The whole header is checked before any tensor is touched; tensors are
 * converted to float32 as they are read, and refused if they hold NaN or infinity. Reading from
 * several threads is safe until {@link #close}.
 */
public final class SafetensorsFile implements AutoCloseable {

  /** The format's own limit on the header. */
  public static final long GENERAL_HEADER_LIMIT = 100_000_000;

  /** More than any adapter needs. */
  public static final long ADAPTER_HEADER_LIMIT = 16L << 20;

  private static final int LENGTH_BYTES = 8;

  private final Path file;
  private final FileChannel channel;
  private final long dataPosition;
  private final Map<String, TensorEntry> entries;
  private final Map<String, String> metadata;

  private SafetensorsFile(
      Path file, FileChannel channel, long dataPosition, SafetensorsHeader.Parsed header) {
    this.file = file;
    this.channel = channel;
    this.dataPosition = dataPosition;
    this.entries = header.entries();
    this.metadata = header.metadata();
  }

  /** Opens a model's weights. */
  public static SafetensorsFile open(Path file) {
    return open(file, GENERAL_HEADER_LIMIT);
  }

  /**
   * @param headerLimit most bytes of header that are looked at
   * @throws ConfigException if the file is a pickle, a symbolic link or missing; it is not opened
   * @throws CorruptArtifactException if it is not a sound safetensors file
   */
  public static SafetensorsFile open(Path file, long headerLimit) {
    requireSafetensors(file);
    FileChannel channel = null;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ);
      return open(file, channel, headerLimit);
    } catch (IOException e) {
      close(channel);
      throw new CorruptArtifactException(file, "cannot be read: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(channel);
      throw e;
    }
  }

  private static SafetensorsFile open(Path file, FileChannel channel, long headerLimit)
      throws IOException {
    long size = channel.size();
    if (size < LENGTH_BYTES) {
      throw new CorruptArtifactException(
          file, "%d bytes; a safetensors file has at least %d".formatted(size, LENGTH_BYTES));
    }
    long headerBytes = read(channel, 0, LENGTH_BYTES).getLong();
    if (headerBytes < 0 || headerBytes > headerLimit) {
      throw new CorruptArtifactException(
          file,
          "header of %s bytes; at most %d are read"
              .formatted(Long.toUnsignedString(headerBytes), headerLimit));
    }
    if (headerBytes > size - LENGTH_BYTES) {
      throw new CorruptArtifactException(
          file, "header of %d bytes in a file of %d (truncated?)".formatted(headerBytes, size));
    }
    long dataPosition = LENGTH_BYTES + headerBytes;
    byte[] header = read(channel, LENGTH_BYTES, (int) headerBytes).array();
    return new SafetensorsFile(
        file, channel, dataPosition, SafetensorsHeader.parse(file, header, size - dataPosition));
  }

  private static ByteBuffer read(FileChannel channel, long position, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("it ends at byte " + (position + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static void requireSafetensors(Path file) {
    String name = file.getFileName().toString();
    if (name.endsWith(".bin")
        || name.endsWith(".pt")
        || name.endsWith(".pth")
        || name.endsWith(".ckpt")) {
      throw new ConfigException(
          file
              + " is a pickle, which can run code when it is opened; convert it to safetensors"
              + " (save_pretrained with safe_serialization)");
    }
    if (Files.isSymbolicLink(file)) {
      throw new ConfigException(file + " is a symbolic link; put the file itself there");
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ConfigException(file + " does not exist or is no regular file");
    }
  }

  public Path file() {
    return file;
  }

  /** The tensors' names, sorted. */
  public Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  /** The free text pairs of the header. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(metadata);
  }

  public boolean contains(String name) {
    return entries.containsKey(name);
  }

  /**
   * @throws CorruptArtifactException if there is no such tensor
   */
  public TensorEntry entry(String name) {
    TensorEntry entry = entries.get(name);
    if (entry == null) {
      throw new CorruptArtifactException(file, "tensor '%s' is missing".formatted(name));
    }
    return entry;
  }

  /** The whole tensor on the Java heap. */
  public TensorData read(String name) {
    TensorEntry entry = entry(name);
    float[] values = new float[arrayLength(entry)];
    read(name, MemorySegment.ofArray(values));
    int[] shape = new int[entry.shape().length];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = (int) entry.shape()[i];
    }
    return new TensorData(shape, values);
  }

  /**
   * Copies a tensor as float32 in the machine's byte order.
   *
   * @param target room for exactly its elements
   * @throws CorruptArtifactException if it is missing, no float type, or holds NaN or infinity
   */
  public void read(String name, MemorySegment target) {
    TensorEntry entry = entry(name);
    if (!entry.dtype().holdsWeights()) {
      throw corrupt(
          name, "dtype %s; weights are read from F32, F16 and BF16".formatted(entry.dtype()));
    }
    if (target.byteSize() != 4 * entry.elements()) {
      throw new IllegalArgumentException("%s into %d bytes".formatted(entry, target.byteSize()));
    }
    bytes(entry).read(target);
  }

  /**
   * The tensor where it lies in the file, mapped and read-only; empty if it does not lie there as
   * float32 that the machine can read. The mapping outlives {@link #close}: it lasts as long as the
   * segment is referred to.
   *
   * @throws CorruptArtifactException if it is missing, or holds NaN or infinity
   */
  public Optional<MemorySegment> map(String name) {
    TensorEntry entry = entry(name);
    boolean readable =
        entry.dtype() == Dtype.F32
            && entry.elements() > 0
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            && (dataPosition + entry.begin()) % Float.BYTES == 0;
    return readable ? Optional.of(bytes(entry).map()) : Optional.empty();
  }

  /**
   * A tensor of weights where it lies in the file, mapped, to read rows of; empty if it has none.
   * Its values are not checked.
   *
   * @throws CorruptArtifactException if it is missing
   */
  public Optional<MappedRows> mapRows(String name) {
    TensorEntry entry = entry(name);
    return entry.dtype().holdsWeights() && entry.elements() > 0
        ? Optional.of(new MappedRows(bytes(entry).mapUnchecked(), entry.dtype()))
        : Optional.empty();
  }

  private TensorBytes bytes(TensorEntry entry) {
    return new TensorBytes(file, channel, dataPosition + entry.begin(), entry);
  }

  private int arrayLength(TensorEntry entry) {
    if (entry.elements() > Integer.MAX_VALUE - 8) {
      throw corrupt(
          entry.name(), "%d elements are too many for one array".formatted(entry.elements()));
    }
    return (int) entry.elements();
  }

  private CorruptArtifactException corrupt(String tensor, String detail) {
    return new CorruptArtifactException(file, "tensor '%s': %s".formatted(tensor, detail));
  }

  @Override
  public void close() {
    close(channel);
  }

  private static void close(FileChannel channelOrNull) {
    if (channelOrNull != null) {
      try {
        channelOrNull.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
