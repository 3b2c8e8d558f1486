package dev.tributary.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The matrices of a {@link ParameterLayout} on one memory: weights, or their gradients, or a moment
 * of the optimiser. Gaps between matrices stay zero. The memory lives as long as the block or a
 * tensor of it is referred to.
 */
public final class ParameterBlock {

  private final ParameterLayout layout;
  private final MemorySegment memory;
  private final Tensor flat;
  private final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();

  private ParameterBlock(ParameterLayout layout, MemorySegment memory) {
    this.layout = layout;
    this.memory = memory;
    this.flat = new Tensor(memory, 1, Math.toIntExact(layout.length()));
    for (ParameterLayout.Entry entry : layout.entries()) {
      MemorySegment part = memory.asSlice(4 * entry.offset(), 4 * entry.size());
      tensors.put(entry.name(), new Tensor(part, entry.rows(), entry.columns()));
    }
  }

  /**
   * A block of zeros.
   *
   * @throws OutOfNativeMemoryException if there is not so much memory
   */
  public static ParameterBlock zeros(ParameterLayout layout) {
    long bytes = Math.max(TensorArena.ALIGNMENT, 4 * layout.length());
    return new ParameterBlock(
        layout, NativeMemory.allocate(Arena.ofAuto(), bytes, "a block of parameters"));
  }

  public ParameterLayout layout() {
    return layout;
  }

  /** The matrices by name, in layout order. */
  public SequencedMap<String, Tensor> tensors() {
    return Collections.unmodifiableSequencedMap(tensors);
  }

  /** The matrix of that name. */
  public Tensor get(String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter named '" + name + "'");
    }
    return tensor;
  }

  /** All matrices and gaps as raw memory, {@code layout().length()} floats. */
  public MemorySegment memory() {
    return memory.asSlice(0, 4 * layout.length());
  }

  /** Everything, gaps included, as one vector. */
  public Tensor flat() {
    return flat;
  }

  /** The first matrix. */
  public Tensor first() {
    return tensors.firstEntry().getValue();
  }

  /** As {@link #flat}, without the first matrix. */
  public Tensor flatRest() {
    int from = Math.toIntExact(layout.restOffset());
    return flat.columns(from, flat.columns() - from);
  }

  public void copyFrom(ParameterBlock other) {
    if (!layout.equals(other.layout)) {
      throw new IllegalArgumentException("blocks of different layouts");
    }
    MemorySegment.copy(other.memory, 0, memory, 0, 4 * layout.length());
  }

  public ParameterBlock copy() {
    ParameterBlock copy = zeros(layout);
    copy.copyFrom(this);
    return copy;
  }

  public void zero() {
    memory.fill((byte) 0);
  }
}
