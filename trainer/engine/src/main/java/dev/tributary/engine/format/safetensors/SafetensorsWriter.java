package dev.tributary.engine.format.safetensors;

import dev.tributary.foundation.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes safetensors files. Equal tensors give equal bytes: names are sorted, the header is padded
 * to eight bytes, as Hugging Face's own library does it. The file appears under its name only when
 * it is complete and on disk.
 */
public final class SafetensorsWriter {

  /** Elements converted at a time. */
  private static final int CHUNK = 1 << 16;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private SafetensorsWriter() {}

  /**
   * @param metadata free text pairs, may be empty; PEFT and transformers want {@code format: pt}
   * @param dtype F32, or F16 or BF16 to round to
   */
  public static void write(
      Path file,
      Map<String, ? extends TensorContent> tensors,
      Map<String, String> metadata,
      Dtype dtype) {
    Map<String, TensorContent> sorted = new TreeMap<>(tensors);
    byte[] header = header(sorted, metadata, dtype);
    try {
      WholeFile.write(file, path -> write(path, header, sorted.values(), dtype));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static void write(
      Path file, byte[] header, Collection<TensorContent> tensors, Dtype dtype) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
      writeFully(channel, start.putLong(header.length).put(header).flip());
      for (TensorContent tensor : tensors) {
        writeTensor(channel, tensor, dtype);
      }
      channel.force(true);
    }
  }

  private static byte[] header(
      Map<String, TensorContent> tensors, Map<String, String> metadata, Dtype dtype) {
    ObjectNode json = MAPPER.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode pairs = json.putObject("__metadata__");
      new TreeMap<>(metadata).forEach(pairs::put);
    }
    long offset = 0;
    for (Map.Entry<String, TensorContent> tensor : tensors.entrySet()) {
      ObjectNode entry = json.putObject(tensor.getKey()).put("dtype", dtype.name());
      var shape = entry.putArray("shape");
      for (int dimension : tensor.getValue().shape()) {
        shape.add(dimension);
      }
      long end = offset + tensor.getValue().elements() * dtype.bytes();
      entry.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    String text = MAPPER.writeValueAsString(json);
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return (text + " ".repeat((8 - bytes % 8) % 8)).getBytes(StandardCharsets.UTF_8);
  }

  private static void writeTensor(FileChannel channel, TensorContent tensor, Dtype dtype)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      float[] values = new float[CHUNK];
      MemorySegment bytes = arena.allocate((long) CHUNK * dtype.bytes(), 8);
      for (long from = 0; from < tensor.elements(); from += CHUNK) {
        int count = (int) Math.min(CHUNK, tensor.elements() - from);
        tensor.copy(from, values, count);
        for (int i = 0; i < count; i++) {
          dtype.set(bytes, i, values[i]);
        }
        writeFully(channel, bytes.asSlice(0, (long) count * dtype.bytes()).asByteBuffer());
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
