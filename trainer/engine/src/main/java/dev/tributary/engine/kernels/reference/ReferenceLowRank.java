package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.DropoutMask;
import dev.tributary.engine.tensor.Tensor;

/** Low-rank additions as the formulas have them. */
final class ReferenceLowRank {

  private final double rate;
  private final long key;
  private final int threshold;

  ReferenceLowRank(double rate, long key) {
    this.rate = rate;
    this.key = key;
    this.threshold = DropoutMask.threshold(rate);
  }

  void down(Tensor x, Tensor a, Tensor hidden) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < a.rows(); j++) {
        double sum = 0;
        for (int k = 0; k < x.columns(); k++) {
          sum += factor(x, i, k) * x.get(i, k) * a.get(j, k);
        }
        hidden.set(i, j, (float) sum);
      }
    }
  }

  static void up(float scaling, Tensor hidden, Tensor b, Tensor y) {
    for (int i = 0; i < y.rows(); i++) {
      for (int o = 0; o < y.columns(); o++) {
        double sum = 0;
        for (int j = 0; j < b.columns(); j++) {
          sum += (double) hidden.get(i, j) * b.get(o, j);
        }
        add(y, i, o, scaling * sum);
      }
    }
  }

  static void upGradient(
      float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden) {
    for (int j = 0; j < b.columns(); j++) {
      for (int o = 0; o < dy.columns(); o++) {
        double sum = 0;
        for (int i = 0; i < dy.rows(); i++) {
          sum += (double) dy.get(i, o) * hidden.get(i, j);
        }
        add(dB, o, j, scaling * sum);
      }
      for (int i = 0; i < dy.rows(); i++) {
        double sum = 0;
        for (int o = 0; o < dy.columns(); o++) {
          sum += (double) dy.get(i, o) * b.get(o, j);
        }
        dHidden.set(i, j, (float) (scaling * sum));
      }
    }
  }

  void downGradient(Tensor x, Tensor dHidden, Tensor a, Tensor dA, Tensor dxOrNull) {
    for (int k = 0; k < x.columns(); k++) {
      for (int j = 0; j < a.rows(); j++) {
        double sum = 0;
        for (int i = 0; i < x.rows(); i++) {
          sum += dHidden.get(i, j) * factor(x, i, k) * x.get(i, k);
        }
        add(dA, j, k, sum);
      }
      for (int i = 0; dxOrNull != null && i < x.rows(); i++) {
        double sum = 0;
        for (int j = 0; j < a.rows(); j++) {
          sum += (double) dHidden.get(i, j) * a.get(j, k);
        }
        add(dxOrNull, i, k, factor(x, i, k) * sum);
      }
    }
  }

  /** What dropout multiplies an element of x by. */
  private double factor(Tensor x, int row, int column) {
    return DropoutMask.keeps(key, row * x.columns() + column, threshold) ? 1 / (1 - rate) : 0;
  }

  private static void add(Tensor tensor, int row, int column, double value) {
    tensor.set(row, column, (float) (tensor.get(row, column) + value));
  }
}
