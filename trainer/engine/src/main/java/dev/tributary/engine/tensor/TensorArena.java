package dev.tributary.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Where tensors get their memory: 64-byte aligned (a cache line, a full AVX-512 register), zeroed,
 * counted. Planned once by its owner, never grown inside a step.
 *
 * <p>A {@link #scoped} arena is freed by {@link #close}; a {@link #shared} one by the garbage
 * collector, when no tensor of it can be reached any more.
 */
public final class TensorArena implements AutoCloseable {

  /** Alignment in bytes of every tensor. */
  public static final int ALIGNMENT = 64;

  private final Arena arena;
  private final boolean closeable;
  private long bytes;

  private TensorArena(Arena arena, boolean closeable) {
    this.arena = arena;
    this.closeable = closeable;
  }

  /** Memory that its owner frees. Usable from any thread. */
  public static TensorArena scoped() {
    return new TensorArena(Arena.ofShared(), true);
  }

  /** Memory that lives as long as anything refers to it. Usable from any thread. */
  public static TensorArena shared() {
    return new TensorArena(Arena.ofAuto(), false);
  }

  /**
   * A matrix of zeros.
   *
   * @throws OutOfNativeMemoryException if the system does not have the memory
   */
  public Tensor tensor(int rows, int columns) {
    long size = 4L * rows * columns;
    // Whole registers, so that a kernel that works in full vectors stays inside.
    long padded = Math.max(ALIGNMENT, (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
    MemorySegment memory =
        NativeMemory.allocate(arena, padded, "a [%d, %d] matrix".formatted(rows, columns));
    bytes += padded;
    return new Tensor(memory, rows, columns);
  }

  public Tensor vector(int size) {
    return tensor(1, size);
  }

  /** A buffer whose first {@code n} rows are used, {@code n} changing from call to call. */
  public RowBuffer rows(int maximumRows, int columns) {
    return new RowBuffer(tensor(maximumRows, columns));
  }

  /** Bytes handed out so far. */
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (closeable) {
      arena.close();
    }
  }
}
