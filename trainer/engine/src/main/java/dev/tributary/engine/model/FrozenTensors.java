package dev.tributary.engine.model;

import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hands out a model's weights one by one, where they lie if possible, else in memory of their own,
 * so that kernels that keep another form of a weight need not hold both of all. For one thread, at
 * loading.
 */
final class FrozenTensors {

  private static final long CHUNK_BYTES = 1 << 24;

  private final ModelConfig config;
  private final WeightSource source;
  private final Map<String, ParameterLayout.Entry> entries = new HashMap<>();
  private final Map<String, byte[]> digests = new TreeMap<>();

  FrozenTensors(ModelConfig config, WeightSource source) {
    this.config = config;
    this.source = source;
    ModelLayout.of(config).entries().forEach(entry -> entries.put(entry.name(), entry));
  }

  Tensor read(String name) {
    ParameterLayout.Entry entry = entries.get(name);
    Tensor tensor =
        source
            .mapped(name, entry.rows(), entry.columns())
            .orElseGet(() -> copy(name, entry.rows(), entry.columns()));
    digests.computeIfAbsent(name, absent -> digest(tensor));
    return tensor;
  }

  /** Over the configuration and every tensor that was read, whatever the order. */
  String fingerprint() {
    MessageDigest digest = sha256();
    digest.update(config.toString().getBytes(StandardCharsets.UTF_8));
    digests.forEach(
        (name, bytes) -> {
          digest.update(name.getBytes(StandardCharsets.UTF_8));
          digest.update(bytes);
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  private Tensor copy(String name, int rows, int columns) {
    Tensor tensor = TensorArena.shared().tensor(rows, columns);
    source.read(name, tensor);
    return tensor;
  }

  private static byte[] digest(Tensor tensor) {
    MessageDigest digest = sha256();
    MemorySegment memory = tensor.memory();
    long size = 4 * tensor.size();
    for (long from = 0; from < size; from += CHUNK_BYTES) {
      long length = Math.min(CHUNK_BYTES, size - from);
      digest.update(memory.asSlice(from, length).asByteBuffer());
    }
    return digest.digest();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
