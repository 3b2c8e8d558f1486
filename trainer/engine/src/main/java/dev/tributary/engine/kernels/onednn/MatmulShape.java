package dev.tributary.engine.kernels.onednn;

/**
 * Everything machine code for a product {@code y = x W + bias} depends on. Strides are in elements.
 * Mutable, so that looking one up allocates nothing; a {@link #copy} is what a table keeps.
 */
final class MatmulShape {

  /** Of x and W, {@link OneDnn#FLOAT32} or {@link OneDnn#BFLOAT16}; y and bias are float32. */
  int type;

  int rows;
  int inner;
  int columns;
  long xRowStride;
  long xColumnStride;

  /** 0 for a packed weight, as is the other one. */
  long weightRowStride;

  long weightColumnStride;
  long yRowStride;
  boolean bias;
  boolean accumulate;

  boolean isPacked() {
    return weightRowStride == 0;
  }

  MatmulShape copy() {
    MatmulShape copy = new MatmulShape();
    copy.set(this);
    return copy;
  }

  void set(MatmulShape other) {
    type = other.type;
    rows = other.rows;
    inner = other.inner;
    columns = other.columns;
    xRowStride = other.xRowStride;
    xColumnStride = other.xColumnStride;
    weightRowStride = other.weightRowStride;
    weightColumnStride = other.weightColumnStride;
    yRowStride = other.yRowStride;
    bias = other.bias;
    accumulate = other.accumulate;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MatmulShape that
        && type == that.type
        && rows == that.rows
        && inner == that.inner
        && columns == that.columns
        && xRowStride == that.xRowStride
        && xColumnStride == that.xColumnStride
        && weightRowStride == that.weightRowStride
        && weightColumnStride == that.weightColumnStride
        && yRowStride == that.yRowStride
        && bias == that.bias
        && accumulate == that.accumulate;
  }

  @Override
  public int hashCode() {
    int hash = type;
    hash = 31 * hash + rows;
    hash = 31 * hash + inner;
    hash = 31 * hash + columns;
    hash = 31 * hash + Long.hashCode(xRowStride);
    hash = 31 * hash + Long.hashCode(xColumnStride);
    hash = 31 * hash + Long.hashCode(weightRowStride);
    hash = 31 * hash + Long.hashCode(weightColumnStride);
    hash = 31 * hash + Long.hashCode(yRowStride);
    return 4 * hash + (bias ? 2 : 0) + (accumulate ? 1 : 0);
  }
}
