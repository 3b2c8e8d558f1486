package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.kernels.vector.VectorKernels;
import dev.tributary.engine.tensor.Tensor;

/**
 * The fast kernels of a CPU: matrix products by oneDNN, everything else fused with the Vector API.
 * The same bytes whatever the number of callers. Loading takes a fraction of a second, once a
 * process, and the first product of each shape about a millisecond.
 */
public final class OneDnnKernels extends VectorKernels {

  /** What matrix products are computed in. */
  public enum Precision {
    /** Factors rounded to bfloat16, sums and results in float32; frozen weights packed so. */
    BFLOAT16("onednn-bf16", OneDnn.BFLOAT16),
    /** Everything in float32. */
    FLOAT32("onednn-float32", OneDnn.FLOAT32);

    private final String kernels;
    private final int type;

    Precision(String kernels, int type) {
      this.kernels = kernels;
      this.type = type;
    }

    /** The better one here: bfloat16 where the processor multiplies it (AMX, AVX-512 BF16). */
    static Precision ofThisProcessor() {
      return OneDnn.hasFastBfloat16() ? BFLOAT16 : FLOAT32;
    }
  }

  /**
   * Trainable matrices narrower than this stay in float32: so few products a number do not pay for
   * rounding it first. Adapters are such.
   */
  private static final int NARROW = 64;

  /** So few rows do not pay for rounding a trainable matrix first either. */
  private static final int FEW = 32;

  private final Precision precision;
  private final OneDnnProducts products;
  private final WeightPacker packer;

  private OneDnnKernels(int threads, Precision precision) {
    super(threads);
    this.precision = precision;
    products = new OneDnnProducts(workers);
    packer = new WeightPacker(workers, precision.type);
  }

  /**
   * On all processors this process may use, in the precision that suits them.
   *
   * @throws LinkageError if oneDNN does not load
   */
  public static OneDnnKernels create() {
    return create(Runtime.getRuntime().availableProcessors(), Precision.ofThisProcessor());
  }

  /**
   * @param threads that share an operation, at least 1
   * @throws LinkageError if oneDNN does not load
   * @throws UnsupportedOperationException if the processor cannot do bfloat16 and is asked to
   */
  public static OneDnnKernels create(int threads, Precision precision) {
    if (precision == Precision.BFLOAT16 && !OneDnn.hasFastBfloat16()) {
      throw new UnsupportedOperationException(
          "this processor (%s) has no bfloat16 units".formatted(OneDnn.instructionSet()));
    }
    return new OneDnnKernels(threads, precision);
  }

  @Override
  public String name() {
    return precision.kernels;
  }

  @Override
  public String description() {
    return "%s matrix products by oneDNN on %s, %s"
        .formatted(
            precision == Precision.BFLOAT16 ? "bfloat16" : "float32",
            OneDnn.instructionSet(),
            vectors());
  }

  /** A packed copy; before AVX2, for which oneDNN has no packed products, the weight itself. */
  @Override
  public Weight freeze(DenseWeight weight) {
    return OneDnn.hasFastPanels()
        ? new OneDnnWeight(packer.pack(weight.values(), weight.isOutIn()))
        : weight;
  }

  @Override
  public void linear(
      float alpha, Tensor x, Weight weight, Tensor biasOrNull, boolean accumulate, Tensor y) {
    if (weight instanceof OneDnnWeight frozen) {
      products.multiply(alpha, x, frozen.packed(), biasOrNull, accumulate, y);
    } else {
      DenseWeight dense = DenseWeight.of(weight);
      Tensor values = dense.values();
      int type = type(x, values);
      products.multiply(type, alpha, x, values, dense.isOutIn(), biasOrNull, accumulate, y);
    }
  }

  @Override
  public void linearInputGradient(
      float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx) {
    if (weight instanceof OneDnnWeight frozen) {
      PackedMatrix transposed = frozen.transposedOrNull(packer);
      if (transposed != null) {
        products.multiply(alpha, dy, transposed, null, accumulate, dx);
      } else {
        products.multiplyTransposed(alpha, dy, frozen.packed(), accumulate, dx);
      }
    } else {
      DenseWeight dense = DenseWeight.of(weight);
      Tensor values = dense.values();
      int type = type(dy, values);
      products.multiply(type, alpha, dy, values, !dense.isOutIn(), null, accumulate, dx);
    }
  }

  @Override
  public void linearWeightGradient(float alpha, Tensor x, Tensor dy, DenseWeight dWeight) {
    Tensor target = dWeight.values();
    if (dWeight.isOutIn()) {
      products.addTransposedProduct(type(x, target), alpha, dy, x, target);
    } else {
      products.addTransposedProduct(type(x, target), alpha, x, dy, target);
    }
  }

  private int type(Tensor x, Tensor matrix) {
    return precision == Precision.BFLOAT16
            && Math.min(matrix.rows(), matrix.columns()) >= NARROW
            && x.rows() >= FEW
        ? OneDnn.BFLOAT16
        : OneDnn.FLOAT32;
  }
}
