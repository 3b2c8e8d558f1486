package dev.tributary.engine.kernels.vector;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/**
 * Activations and dropout over stretches of any length: the whole vectors where they lie, what is
 * left in a thread's scratch.
 */
final class ElementOperations {

  private final ThreadLocal<ElementScratch> scratches =
      ThreadLocal.withInitial(ElementScratch::new);

  /** Elements {@code [from, to)} of flat tensors. */
  void activate(Activation activation, Tensor x, Tensor y, int from, int to) {
    value(activation, x.memory(), from, y.memory(), from, to - from, scratches.get());
  }

  /** Elements {@code [from, to)} of flat tensors. */
  void activationGradient(Activation activation, Tensor x, Tensor dy, Tensor dx, int from, int to) {
    gradient(
        activation,
        x.memory(),
        from,
        dy.memory(),
        from,
        dx.memory(),
        from,
        to - from,
        scratches.get());
  }

  /** Elements {@code [from, to)} of flat tensors: {@code y = dropout(x)}, or added to y. */
  void dropout(VectorDropout dropout, Tensor x, boolean accumulate, Tensor y, int from, int to) {
    MemorySegment factors = scratches.get().factors;
    for (int at = from; at < to; at += ElementScratch.BLOCK) {
      int n = Math.min(ElementScratch.BLOCK, to - at);
      dropout.factors(at, n, factors, 0);
      if (accumulate) {
        VectorDropout.add(x.memory(), at, factors, 0, y.memory(), at, n);
      } else {
        VectorDropout.multiply(x.memory(), at, factors, 0, y.memory(), at, n);
      }
    }
  }

  /** One row of {@link dev.tributary.engine.kernels.Kernels#gate}. */
  void gate(Activation activation, Tensor gateUp, Tensor y, int row) {
    int inner = y.columns();
    long gateAt = (long) row * gateUp.columns();
    long yAt = (long) row * inner;
    int whole = Lanes.bound(inner);
    ElementScratch s = scratches.get();
    if (activation == Activation.SILU && whole > 0) {
      VectorActivation.siluGate(gateUp.memory(), gateAt, gateAt + inner, y.memory(), yAt, whole);
    }
    int done = activation == Activation.SILU ? whole : 0;
    for (int at = done; at < inner; at += ElementScratch.BLOCK) {
      int n = Math.min(ElementScratch.BLOCK, inner - at);
      value(activation, gateUp.memory(), gateAt + at, s.second, 0, n, s);
      VectorElementwise.product(
          s.second, 0, gateUp.memory(), gateAt + inner + at, y.memory(), yAt + at, n);
    }
  }

  /** One row of {@link dev.tributary.engine.kernels.Kernels#gateGradient}. */
  void gateGradient(Activation activation, Tensor gateUp, Tensor dy, Tensor dGateUp, int row) {
    int inner = dy.columns();
    long gateAt = (long) row * gateUp.columns();
    long upAt = gateAt + inner;
    long dyAt = (long) row * inner;
    int whole = Lanes.bound(inner);
    ElementScratch s = scratches.get();
    MemorySegment input = gateUp.memory();
    MemorySegment result = dGateUp.memory();
    if (activation == Activation.SILU && whole > 0) {
      VectorActivation.siluGateGradient(input, gateAt, upAt, dy.memory(), dyAt, result, whole);
    }
    int done = activation == Activation.SILU ? whole : 0;
    for (int at = done; at < inner; at += ElementScratch.BLOCK) {
      int n = Math.min(ElementScratch.BLOCK, inner - at);
      value(activation, input, gateAt + at, s.second, 0, n, s);
      VectorElementwise.product(input, upAt + at, dy.memory(), dyAt + at, s.third, 0, n);
      VectorElementwise.product(s.second, 0, dy.memory(), dyAt + at, result, upAt + at, n);
      gradient(activation, input, gateAt + at, s.third, 0, result, gateAt + at, n, s);
    }
  }

  private static void value(
      Activation activation,
      MemorySegment x,
      long xAt,
      MemorySegment y,
      long yAt,
      int n,
      ElementScratch s) {
    int whole = Lanes.bound(n);
    if (whole > 0) {
      VectorActivation.value(activation, x, xAt, y, yAt, whole);
    }
    if (whole < n) {
      long rest = 4L * (n - whole);
      MemorySegment.copy(x, 4 * (xAt + whole), s.first, 0, rest);
      VectorActivation.value(activation, s.first, 0, s.first, 0, Lanes.COUNT);
      MemorySegment.copy(s.first, 0, y, 4 * (yAt + whole), rest);
    }
  }

  private static void gradient(
      Activation activation,
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment dx,
      long dxAt,
      int n,
      ElementScratch s) {
    int whole = Lanes.bound(n);
    if (whole > 0) {
      VectorActivation.gradient(activation, x, xAt, dy, dyAt, dx, dxAt, whole);
    }
    if (whole < n) {
      long rest = 4L * (n - whole);
      MemorySegment.copy(x, 4 * (xAt + whole), s.first, 0, rest);
      MemorySegment.copy(dy, 4 * (dyAt + whole), s.first, 4L * Lanes.COUNT, rest);
      VectorActivation.gradient(
          activation, s.first, 0, s.first, Lanes.COUNT, s.first, 0, Lanes.COUNT);
      MemorySegment.copy(s.first, 0, dx, 4 * (dxAt + whole), rest);
    }
  }
}
