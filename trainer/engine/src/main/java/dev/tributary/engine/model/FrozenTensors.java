package dev.tributary.engine.model;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Weight;
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
import java.util.Optional;
import java.util.TreeMap;

/**
 * Hands out a model's weights one by one: where they lie if possible, else in memory of their own.
 * Matrices of which the kernels keep another form only pass through. For one thread, at loading;
 * what it handed out outlives it.
 */
final class FrozenTensors implements AutoCloseable {

  private static final long CHUNK_BYTES = 1 << 24;

  private final ModelConfig config;
  private final WeightSource source;
  private final Kernels kernels;
  private final Map<String, ParameterLayout.Entry> entries = new HashMap<>();
  private final Map<String, byte[]> digests = new TreeMap<>();
  private final Map<String, Tensor> asTheyAre = new HashMap<>();
  private TensorArena passing = TensorArena.scoped();
  private MemorySegment passingMemory = MemorySegment.NULL;

  FrozenTensors(ModelConfig config, WeightSource source, Kernels kernels) {
    this.config = config;
    this.source = source;
    this.kernels = kernels;
    ModelLayout.of(config).entries().forEach(entry -> entries.put(entry.name(), entry));
  }

  /** A tensor that is used as it is. */
  Tensor tensor(String name) {
    ParameterLayout.Entry entry = entries.get(name);
    Tensor tensor =
        source
            .mapped(name, entry.rows(), entry.columns())
            .orElseGet(
                () -> read(name, TensorArena.shared().tensor(entry.rows(), entry.columns())));
    digests.put(name, digest(tensor));
    return tensor;
  }

  /** A matrix in the form the kernels like best. */
  Weight matrix(String name, DenseWeight.Layout layout) {
    ParameterLayout.Entry entry = entries.get(name);
    Optional<Tensor> mapped = source.mapped(name, entry.rows(), entry.columns());
    Tensor values = mapped.orElseGet(() -> read(name, passing(entry)));
    digests.put(name, digest(values));
    DenseWeight dense = new DenseWeight(values, layout);
    Weight frozen = kernels.freeze(dense);
    if (frozen == dense) {
      Tensor kept = mapped.orElseGet(() -> copy(values));
      asTheyAre.put(name, kept);
      return new DenseWeight(kept, layout);
    }
    mapped.ifPresent(FrozenTensors::leave);
    return frozen;
  }

  /**
   * The token embedding; after the head, of which it may be another form. What of it is not needed
   * stays in the file.
   */
  TokenTable tokens(String name) {
    ParameterLayout.Entry entry = entries.get(name);
    if (asTheyAre.containsKey(name)) {
      return new TokenTable.Dense(asTheyAre.get(name));
    }
    Optional<StoredRows> stored = source.stored(name, entry.rows(), entry.columns());
    if (stored.isEmpty()) {
      return new TokenTable.Dense(tensor(name));
    }
    if (!digests.containsKey(name)) {
      Optional<Tensor> mapped = source.mapped(name, entry.rows(), entry.columns());
      digests.put(name, digest(mapped.orElseGet(() -> read(name, passing(entry)))));
      mapped.ifPresent(FrozenTensors::leave);
    }
    return new TokenTable.Stored(stored.get());
  }

  /** Lets go of the pages of a mapped file; those that are read again come back. */
  private static void leave(Tensor tensor) {
    if (tensor.memory().isMapped()) {
      tensor.memory().unload();
    }
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

  private Tensor read(String name, Tensor target) {
    source.read(name, target);
    return target;
  }

  /** Memory that the next matrix uses too. */
  private Tensor passing(ParameterLayout.Entry entry) {
    if (passing.bytes() < 4 * entry.size()) {
      passing.close();
      passing = TensorArena.scoped();
      passingMemory = passing.vector(Math.toIntExact(entry.size())).memory();
    }
    return new Tensor(passingMemory, entry.rows(), entry.columns());
  }

  private static Tensor copy(Tensor tensor) {
    Tensor copy = TensorArena.shared().tensor(tensor.rows(), tensor.columns());
    copy.copyFrom(tensor);
    return copy;
  }

  @Override
  public void close() {
    passing.close();
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
