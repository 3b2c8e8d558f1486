package dev.tributary.engine.kernels.vector;

import static dev.tributary.engine.kernels.vector.Lanes.V_ONE;

import dev.tributary.engine.kernels.Activation;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The activations over flat memory, whole vectors only. The sigmoid-like ones are written with one
 * exponential and without cancellation.
 */
final class VectorActivation {

  private static final float SLOPE = (float) Math.sqrt(2 / Math.PI);
  private static final float CUBIC = 0.044715f;

  private static final FloatVector TWO_SLOPE = FloatVector.broadcast(Lanes.FLOATS, 2 * SLOPE);
  private static final FloatVector MINUS_TWO_SLOPE =
      FloatVector.broadcast(Lanes.FLOATS, -2 * SLOPE);
  private static final FloatVector MINUS_TWO_CUBIC =
      FloatVector.broadcast(Lanes.FLOATS, -2 * SLOPE * CUBIC);
  private static final FloatVector SIX_CUBIC =
      FloatVector.broadcast(Lanes.FLOATS, 6 * SLOPE * CUBIC);

  private static final FloatVector MINUS_ONE = FloatVector.broadcast(Lanes.FLOATS, -1f);
  private static final FloatVector TWO = FloatVector.broadcast(Lanes.FLOATS, 2f);
  private static final FloatVector MINUS_TWO = FloatVector.broadcast(Lanes.FLOATS, -2f);
  private static final FloatVector HALF = FloatVector.broadcast(Lanes.FLOATS, 0.5f);
  private static final FloatVector MINUS_HALF = FloatVector.broadcast(Lanes.FLOATS, -0.5f);
  private static final FloatVector HALF_ROOT_HALF =
      FloatVector.broadcast(Lanes.FLOATS, (float) (0.5 * Math.sqrt(0.5)));
  private static final FloatVector ROOT_HALF =
      FloatVector.broadcast(Lanes.FLOATS, (float) Math.sqrt(0.5));
  private static final FloatVector DENSITY =
      FloatVector.broadcast(Lanes.FLOATS, (float) (1 / Math.sqrt(2 * Math.PI)));

  // The error function's complement as t exp(-z² + polynomial of t), t = 1 / (1 + z / 2), to 1.2e-7
  // of its value: Press et al., Numerical Recipes, erfcc.
  private static final FloatVector ERFC_0 = FloatVector.broadcast(Lanes.FLOATS, -1.26551223f);
  private static final FloatVector ERFC_1 = FloatVector.broadcast(Lanes.FLOATS, 1.00002368f);
  private static final FloatVector ERFC_2 = FloatVector.broadcast(Lanes.FLOATS, 0.37409196f);
  private static final FloatVector ERFC_3 = FloatVector.broadcast(Lanes.FLOATS, 0.09678418f);
  private static final FloatVector ERFC_4 = FloatVector.broadcast(Lanes.FLOATS, -0.18628806f);
  private static final FloatVector ERFC_5 = FloatVector.broadcast(Lanes.FLOATS, 0.27886807f);
  private static final FloatVector ERFC_6 = FloatVector.broadcast(Lanes.FLOATS, -1.13520398f);
  private static final FloatVector ERFC_7 = FloatVector.broadcast(Lanes.FLOATS, 1.48851587f);
  private static final FloatVector ERFC_8 = FloatVector.broadcast(Lanes.FLOATS, -0.82215223f);
  private static final FloatVector ERFC_9 = FloatVector.broadcast(Lanes.FLOATS, 0.17087277f);

  private VectorActivation() {}

  /** {@code y[yAt, yAt + n) = f(x[xAt, xAt + n))}; n is a multiple of the vector length. */
  static void value(
      Activation activation, MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    switch (activation) {
      case GELU_TANH -> geluTanh(x, xAt, y, yAt, n);
      case GELU -> gelu(x, xAt, y, yAt, n);
      case SILU -> silu(x, xAt, y, yAt, n);
      case RELU -> relu(x, xAt, y, yAt, n);
      case TANH -> tanh(x, xAt, y, yAt, n);
    }
  }

  /** {@code dx = dy f'(x)}; n is a multiple of the vector length. */
  static void gradient(
      Activation activation,
      MemorySegment x,
      long xAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment dx,
      long dxAt,
      int n) {
    switch (activation) {
      case GELU_TANH -> geluTanhGradient(x, xAt, dy, dyAt, dx, dxAt, n);
      case GELU -> geluGradient(x, xAt, dy, dyAt, dx, dxAt, n);
      case SILU -> siluGradient(x, xAt, dy, dyAt, dx, dxAt, n);
      case RELU -> reluGradient(x, xAt, dy, dyAt, dx, dxAt, n);
      case TANH -> tanhGradient(x, xAt, dy, dyAt, dx, dxAt, n);
    }
  }

  /**
   * {@code y = x / (1 + exp(-2u))} with {@code u = sqrt(2/pi) (x + 0.044715 x³)}, which is the tanh
   * form without its cancellation.
   */
  private static void geluTanh(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector e = Lanes.exp(v.mul(v).fma(MINUS_TWO_CUBIC, MINUS_TWO_SLOPE).mul(v));
      v.div(e.add(V_ONE)).intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  /** {@code dx = dy (s + x s (1 - s) 2u')} with {@code s = 1 / (1 + exp(-2u))}. */
  private static void geluTanhGradient(
      MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector square = v.mul(v);
      FloatVector e = Lanes.exp(square.fma(MINUS_TWO_CUBIC, MINUS_TWO_SLOPE).mul(v));
      FloatVector s = V_ONE.div(e.add(V_ONE));
      FloatVector twoDu = square.fma(SIX_CUBIC, TWO_SLOPE);
      FloatVector slope = v.mul(s).mul(V_ONE.sub(s)).fma(twoDu, s);
      d.mul(slope).intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
  }

  private static void gelu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector z = v.abs();
      FloatVector t = V_ONE.div(z.fma(HALF_ROOT_HALF, V_ONE));
      FloatVector p = t.fma(ERFC_9, ERFC_8).fma(t, ERFC_7).fma(t, ERFC_6).fma(t, ERFC_5);
      p = p.fma(t, ERFC_4).fma(t, ERFC_3).fma(t, ERFC_2).fma(t, ERFC_1).fma(t, ERFC_0);
      FloatVector e = Lanes.exp(z.mul(ROOT_HALF).mul(z.mul(ROOT_HALF)).fma(MINUS_ONE, p));
      FloatVector tail = e.mul(t).mul(HALF);
      FloatVector cumulative = V_ONE.sub(tail).blend(tail, v.compare(VectorOperators.LT, 0f));
      cumulative.mul(v).intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  private static void geluGradient(
      MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector density = Lanes.exp(v.mul(v).mul(MINUS_HALF)).mul(DENSITY);
      FloatVector z = v.abs();
      FloatVector t = V_ONE.div(z.fma(HALF_ROOT_HALF, V_ONE));
      FloatVector p = t.fma(ERFC_9, ERFC_8).fma(t, ERFC_7).fma(t, ERFC_6).fma(t, ERFC_5);
      p = p.fma(t, ERFC_4).fma(t, ERFC_3).fma(t, ERFC_2).fma(t, ERFC_1).fma(t, ERFC_0);
      FloatVector e = Lanes.exp(z.mul(ROOT_HALF).mul(z.mul(ROOT_HALF)).fma(MINUS_ONE, p));
      FloatVector tail = e.mul(t).mul(HALF);
      FloatVector cumulative = V_ONE.sub(tail).blend(tail, v.compare(VectorOperators.LT, 0f));
      FloatVector slope = v.fma(density, cumulative);
      slope
          .mul(FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER))
          .intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
  }

  private static void silu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector e = Lanes.exp(v.neg());
      v.div(e.add(V_ONE)).intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  private static void siluGradient(
      MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector s = V_ONE.div(Lanes.exp(v.neg()).add(V_ONE));
      FloatVector slope = v.mul(s).fma(V_ONE.sub(s), s);
      d.mul(slope).intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
  }

  private static void relu(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER)
          .max(0f)
          .intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  private static void reluGradient(
      MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int n) {
    FloatVector none = FloatVector.zero(Lanes.FLOATS);
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      none.blend(d, v.compare(VectorOperators.GT, 0f))
          .intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
  }

  /** {@code y = 1 - 2 / (1 + exp(2x))}. */
  private static void tanh(MemorySegment x, long xAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector e =
          Lanes.exp(
              FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER).mul(TWO));
      V_ONE.sub(TWO.div(e.add(V_ONE))).intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  /** {@code dx = dy 4 s (1 - s)} with {@code s = 1 / (1 + exp(-2x))}. */
  private static void tanhGradient(
      MemorySegment x, long xAt, MemorySegment dy, long dyAt, MemorySegment dx, long dxAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v = FloatVector.fromMemorySegment(Lanes.FLOATS, x, 4L * (xAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector s = V_ONE.div(Lanes.exp(v.mul(MINUS_TWO)).add(V_ONE));
      FloatVector slope = s.mul(V_ONE.sub(s)).mul(4f);
      d.mul(slope).intoMemorySegment(dx, 4 * (dxAt + i), Lanes.ORDER);
    }
  }

  /** {@code y = silu(gate) up}; n is a multiple of the vector length. */
  static void siluGate(
      MemorySegment gateUp, long gateAt, long upAt, MemorySegment y, long yAt, int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v =
          FloatVector.fromMemorySegment(Lanes.FLOATS, gateUp, 4L * (gateAt + i), Lanes.ORDER);
      FloatVector up =
          FloatVector.fromMemorySegment(Lanes.FLOATS, gateUp, 4L * (upAt + i), Lanes.ORDER);
      FloatVector e = Lanes.exp(v.neg());
      v.mul(up).div(e.add(V_ONE)).intoMemorySegment(y, 4 * (yAt + i), Lanes.ORDER);
    }
  }

  /** The gradient of {@link #siluGate}, whose result has the layout of gateUp and may be it. */
  static void siluGateGradient(
      MemorySegment gateUp,
      long gateAt,
      long upAt,
      MemorySegment dy,
      long dyAt,
      MemorySegment dGateUp,
      int n) {
    for (int i = 0; i < n; i += Lanes.COUNT) {
      FloatVector v =
          FloatVector.fromMemorySegment(Lanes.FLOATS, gateUp, 4L * (gateAt + i), Lanes.ORDER);
      FloatVector up =
          FloatVector.fromMemorySegment(Lanes.FLOATS, gateUp, 4L * (upAt + i), Lanes.ORDER);
      FloatVector d = FloatVector.fromMemorySegment(Lanes.FLOATS, dy, 4L * (dyAt + i), Lanes.ORDER);
      FloatVector s = V_ONE.div(Lanes.exp(v.neg()).add(V_ONE));
      FloatVector value = v.mul(s);
      FloatVector slope = value.fma(V_ONE.sub(s), s);
      d.mul(up).mul(slope).intoMemorySegment(dGateUp, 4 * (gateAt + i), Lanes.ORDER);
      d.mul(value).intoMemorySegment(dGateUp, 4 * (upAt + i), Lanes.ORDER);
    }
  }
}
