package dev.tributary.engine.kernels.nd4j;

import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.blas.CpuLevel3;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Matrix products through ND4J's BLAS, into memory we planned.
 *
 * <p>BLAS here is column-major, and a row-major result would cost ND4J a hidden copy. A row-major
 * matrix read column by column is its transpose, so {@code C = A B} is asked for as {@code Cᵀ = Bᵀ
 * Aᵀ}: the same memory, no copy. This class stands on {@link CpuLevel3} because the public {@code
 * gemm} allocates 4.6 kB of shape bookkeeping a call.
 */
final class Nd4jGemm extends CpuLevel3 {

  /** Views kept before starting afresh; each is a few hundred bytes. */
  private static final int MOST_VIEWS = 8_192;

  private record Memory(long address, long size) {}

  private final Map<Memory, INDArray> views = new ConcurrentHashMap<>();

  /**
   * {@code C = alpha op(A) op(B) + beta C}, all row-major, any of them strided; op is the transpose
   * where asked.
   *
   * @param c {@code [m, n]}
   */
  void multiply(
      float alpha,
      Tensor a,
      boolean transposeA,
      Tensor b,
      boolean transposeB,
      float beta,
      Tensor c) {
    int m = c.rows();
    int n = c.columns();
    int k = transposeA ? a.rows() : a.columns();
    if (m == 0 || n == 0) {
      return;
    }
    sgemm(
        'f',
        transposeB ? 't' : 'n',
        transposeA ? 't' : 'n',
        n,
        m,
        k,
        alpha,
        view(b),
        b.stride(),
        view(a),
        a.stride(),
        beta,
        view(c),
        c.stride());
    Reference.reachabilityFence(a);
    Reference.reachabilityFence(b);
    Reference.reachabilityFence(c);
  }

  /**
   * The memory as ND4J sees it. A view owns nothing, so one that outlives its memory does no harm:
   * it is only used again if a tensor lies at that address again.
   */
  private INDArray view(Tensor tensor) {
    long size = tensor.memory().byteSize() / Float.BYTES;
    Memory key = new Memory(tensor.memory().address(), size);
    INDArray view = views.get(key);
    if (view == null) {
      if (views.size() >= MOST_VIEWS) {
        views.clear();
      }
      view = wrap(tensor.memory(), size);
      views.put(key, view);
    }
    return view;
  }

  private static INDArray wrap(MemorySegment memory, long size) {
    Pointer pointer =
        new Pointer() {
          {
            address = memory.address();
            limit = size;
            capacity = size;
          }
        };
    DataBuffer buffer = Nd4j.createBuffer(new FloatPointer(pointer), size, DataType.FLOAT);
    return Nd4j.create(buffer, new long[] {size}, new long[] {1}, 0, 'f');
  }
}
