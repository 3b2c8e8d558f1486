package dev.tributary.engine.format.safetensors;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The element types of the safetensors format. Only the three that weights come in can be read as
 * floats.
 */
public enum Dtype {
  F32(4, true),
  F16(2, true),
  BF16(2, true),
  F64(8, false),
  I64(8, false),
  U64(8, false),
  I32(4, false),
  U32(4, false),
  I16(2, false),
  U16(2, false),
  I8(1, false),
  U8(1, false),
  BOOL(1, false),
  F8_E4M3(1, false),
  F8_E5M2(1, false);

  private static final ValueLayout.OfFloat FLOAT_LE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT_LE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int bytes;
  private final boolean weights;

  Dtype(int bytes, boolean weights) {
    this.bytes = bytes;
    this.weights = weights;
  }

  static Optional<Dtype> named(String name) {
    return Arrays.stream(values()).filter(dtype -> dtype.name().equals(name)).findFirst();
  }

  /** Size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether {@link #toFloats} and {@link #set} work. */
  public boolean holdsWeights() {
    return weights;
  }

  /**
   * Copies {@code count} elements as float32.
   *
   * @param from index of the first
   * @param at index of the float it becomes
   */
  void toFloats(MemorySegment memory, long from, MemorySegment target, long at, int count) {
    switch (this) {
      case F32 ->
          MemorySegment.copy(memory, FLOAT_LE, 4 * from, target, Tensor.FLOAT, 4 * at, count);
      case F16, BF16 -> {
        for (int i = 0; i < count; i++) {
          target.setAtIndex(Tensor.FLOAT, at + i, toFloat(memory, from + i));
        }
      }
      default -> throw new UnsupportedOperationException(this + " holds no weights");
    }
  }

  /** One element of 16 bits. */
  private float toFloat(MemorySegment memory, long index) {
    short bits = memory.get(SHORT_LE, 2 * index);
    return this == F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  void set(MemorySegment memory, long index, float value) {
    switch (this) {
      case F32 -> memory.set(FLOAT_LE, 4 * index, value);
      case F16 -> memory.set(SHORT_LE, 2 * index, Float.floatToFloat16(value));
      case BF16 -> memory.set(SHORT_LE, 2 * index, bfloat16(value));
      default -> throw new UnsupportedOperationException(this + " holds no weights");
    }
  }

  /** Rounds to the nearest bfloat16, ties to even; not-a-number stays one. */
  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
