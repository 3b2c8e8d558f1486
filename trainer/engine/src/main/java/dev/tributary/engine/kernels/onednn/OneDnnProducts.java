package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.kernels.vector.Workers;
import dev.tributary.engine.tensor.Tensor;
import java.lang.ref.Reference;

/**
 * Matrix products by oneDNN on planned memory.
 *
 * <p>oneDNN itself runs on one thread: {@link Workers} share out blocks of rows and slices of
 * columns. So no OpenMP thread ever spins beside other work, callers at the same time share the
 * cores, the bytes do not depend on who computes what, and machine code is made for a few block
 * sizes only, however the number of tokens changes. Nothing is allocated once the shapes are known.
 */
final class OneDnnProducts {

  /** Elements of x converted at a time, if that is many rows: 32 MiB of bfloat16. */
  private static final int STAGED_ELEMENTS = 1 << 24;

  /**
   * Columns of a weight unpacked at a time: so few that they are still in a cache when they are
   * multiplied, so many that adding up the products costs little. Whole panels.
   */
  private static final int UNPACKED_COLUMNS = 1_024;

  /** Tokens a weight gradient adds up at a time. */
  private static final int TOKENS = 512;

  /** Their number is rounded up to a multiple of it by rows of zeros. */
  private static final int TOKEN_GRAIN = 64;

  /** So many rows of x pay for copying a weight that lies badly. */
  private static final int MANY = 64;

  /** What a product needs of its own while it runs. */
  private static final class Call {
    private final StagedMatrix left = new StagedMatrix();
    private final StagedMatrix right = new StagedMatrix();
    private final UnpackedMatrix unpacked = new UnpackedMatrix();
    private final FewRowsProduct few;
    private final OneDnnProduct product;

    Call(Workers workers, Pool<OneDnnContext> contexts) {
      few = new FewRowsProduct(workers);
      product = new OneDnnProduct(contexts);
    }
  }

  private final Workers workers;
  private final Pool<Call> calls;

  OneDnnProducts(Workers workers) {
    this.workers = workers;
    Pool<OneDnnContext> contexts = new Pool<>(OneDnnContext::new);
    calls = new Pool<>(() -> new Call(workers, contexts));
  }

  /**
   * {@code y = alpha x W + bias}, or added to y, rounding many rows to bfloat16 if the weight is.
   */
  void multiply(
      float alpha, Tensor x, PackedMatrix weight, Tensor biasOrNull, boolean accumulate, Tensor y) {
    Call call = calls.take();
    try {
      if (x.rows() <= FewRowsProduct.MOST_ROWS) {
        call.few.multiply(alpha, x, weight, biasOrNull, accumulate, y);
      } else {
        call.product.weight(weight);
        run(call, alpha, x, 0, x.columns(), biasOrNull, accumulate, y);
      }
    } finally {
      calls.giveBack(call);
      Reference.reachabilityFence(weight);
    }
  }

  /**
   * {@code dx = alpha dy Wᵀ}, or added to dx, rounding dy as W is. W is read where it lies in
   * float32, and unpacked some columns at a time in bfloat16.
   */
  void multiplyTransposed(
      float alpha, Tensor dy, PackedMatrix weight, boolean accumulate, Tensor dx) {
    Call call = calls.take();
    try {
      if (weight.type() == OneDnn.BFLOAT16) {
        multiplyUnpacked(call, alpha, dy, weight, accumulate, dx);
      } else {
        call.product.transposedWeight(weight);
        run(call, alpha, dy, 0, dy.columns(), null, accumulate, dx);
      }
    } finally {
      calls.giveBack(call);
      Reference.reachabilityFence(weight);
    }
  }

  private void multiplyUnpacked(
      Call call, float alpha, Tensor dy, PackedMatrix weight, boolean accumulate, Tensor dx) {
    for (int from = 0; from < weight.columns(); from += UNPACKED_COLUMNS) {
      int count = Math.min(UNPACKED_COLUMNS, weight.columns() - from);
      call.unpacked.unpack(workers, weight, from, count);
      call.product.weight(
          weight.type(), count, weight.inner(), call.unpacked.address(), 1, call.unpacked.stride());
      run(call, alpha, dy, from, count, null, accumulate || from > 0, dx);
    }
  }

  /**
   * {@link #multiply} with a weight in plain memory.
   *
   * @param type that x and the weight are multiplied in
   * @param transposed whether values is {@code [out, in]}
   */
  void multiply(
      int type,
      float alpha,
      Tensor x,
      Tensor values,
      boolean transposed,
      Tensor biasOrNull,
      boolean accumulate,
      Tensor y) {
    if (x.rows() == 0) {
      return;
    }
    Call call = calls.take();
    try {
      plainWeight(call, type, values, transposed, x.rows());
      run(call, alpha, x, 0, x.columns(), biasOrNull, accumulate, y);
    } finally {
      calls.giveBack(call);
      Reference.reachabilityFence(values);
    }
  }

  private void plainWeight(Call call, int type, Tensor values, boolean transposed, int rows) {
    long address = values.memory().address();
    long stride = values.stride();
    boolean copied = !transposed && rows >= MANY && StagedMatrix.isWorthACopy(values);
    if (type == OneDnn.BFLOAT16 || copied) {
      call.right.stage(workers, values, 0, values.rows(), values.rows(), 1, type);
      address = call.right.address();
      stride = call.right.stride();
    }
    if (transposed) {
      call.product.weight(type, values.columns(), values.rows(), address, 1, stride);
    } else {
      call.product.weight(type, values.rows(), values.columns(), address, stride, 1);
    }
  }

  private static boolean isReadInPlace(int type, float alpha) {
    return type == OneDnn.FLOAT32 && alpha == 1;
  }

  /** The product with the weight in place, of width columns of x from one on. */
  private void run(
      Call call,
      float alpha,
      Tensor x,
      int column,
      int width,
      Tensor biasOrNull,
      boolean accumulate,
      Tensor y) {
    int type = call.product.type();
    boolean inPlace = isReadInPlace(type, alpha);
    int panel = inPlace ? x.rows() : stagedRows(width);
    for (int from = 0; from < x.rows(); from += panel) {
      int rows = Math.min(panel, x.rows() - from);
      if (inPlace) {
        call.product.x(x.memory().address() + 4L * column, x.stride(), 1);
      } else {
        call.left.stage(workers, x, from, rows, column, width, rows, alpha, type);
        call.product.x(call.left.address(), call.left.stride(), 1);
      }
      result(call, y, from, biasOrNull, accumulate);
      call.product.run(workers, rows);
    }
    Reference.reachabilityFence(x);
    Reference.reachabilityFence(biasOrNull);
    Reference.reachabilityFence(y);
  }

  /** Rows of so many columns staged at a time. */
  private static int stagedRows(int columns) {
    int rows = Math.max(RowBlocks.MOST_ROWS / 4, STAGED_ELEMENTS / Math.max(1, columns));
    return rows / RowBlocks.GRAIN * RowBlocks.GRAIN;
  }

  private static void result(
      Call call, Tensor y, int firstRow, Tensor biasOrNull, boolean accumulate) {
    long address = y.memory().address() + 4L * firstRow * y.stride();
    long bias = biasOrNull == null ? 0 : biasOrNull.memory().address();
    call.product.y(address, y.stride(), bias, accumulate);
  }

  /** {@code target += alpha aᵀ b}; a {@code [n, rows]}, b {@code [n, columns]}. */
  void addTransposedProduct(int type, float alpha, Tensor a, Tensor b, Tensor target) {
    Call call = calls.take();
    try {
      for (int from = 0; from < a.rows(); from += TOKENS) {
        int tokens = Math.min(TOKENS, a.rows() - from);
        int padded = (tokens + TOKEN_GRAIN - 1) / TOKEN_GRAIN * TOKEN_GRAIN;
        boolean inPlace = isReadInPlace(type, alpha) && tokens == padded;
        if (inPlace) {
          long left = a.memory().address() + 4L * from * a.stride();
          call.product.x(left, 1, a.stride());
        } else {
          call.left.stage(workers, a, from, tokens, padded, alpha, type);
          call.product.x(call.left.address(), 1, call.left.stride());
        }
        if (inPlace && !StagedMatrix.isWorthACopy(b)) {
          long right = b.memory().address() + 4L * from * b.stride();
          call.product.weight(type, padded, b.columns(), right, b.stride(), 1);
        } else {
          call.right.stage(workers, b, from, tokens, padded, 1, type);
          call.product.weight(
              type, padded, b.columns(), call.right.address(), call.right.stride(), 1);
        }
        result(call, target, 0, null, true);
        call.product.run(workers, target.rows());
      }
    } finally {
      calls.giveBack(call);
      Reference.reachabilityFence(a);
      Reference.reachabilityFence(b);
      Reference.reachabilityFence(target);
    }
  }
}
