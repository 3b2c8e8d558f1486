package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.tensor.Tensor;

/** Normalisation as the formulas have it, a group at a time. */
final class ReferenceNorm {

  private ReferenceNorm() {}

  static void forward(Norm norm, Tensor x, Tensor statistics, Tensor y) {
    int size = norm.group();
    for (int i = 0; i < x.rows(); i++) {
      for (int first = 0; first < x.columns(); first += size) {
        double mean = 0;
        for (int j = first; norm.centred() && j < first + size; j++) {
          mean += x.get(i, j) / (double) size;
        }
        double variance = 0;
        for (int j = first; j < first + size; j++) {
          double centred = x.get(i, j) - mean;
          variance += centred * centred / size;
        }
        double reciprocal = 1 / Math.sqrt(variance + norm.epsilon());
        for (int j = 0; j < size; j++) {
          double normed = (x.get(i, first + j) - mean) * reciprocal;
          double shift = norm.centred() ? norm.shiftOrNull().get(j) : 0;
          y.set(i, first + j, (float) (normed * norm.scale().get(j) + shift));
        }
        statistics.set(i, 2 * (first / size), (float) mean);
        statistics.set(i, 2 * (first / size) + 1, (float) reciprocal);
      }
    }
  }

  static void inputGradient(
      Norm norm, Tensor x, Tensor statistics, Tensor dy, boolean accumulate, Tensor dx) {
    int size = norm.group();
    for (int i = 0; i < x.rows(); i++) {
      for (int first = 0; first < x.columns(); first += size) {
        double mean = statistics.get(i, 2 * (first / size));
        double reciprocal = statistics.get(i, 2 * (first / size) + 1);
        double sum = 0;
        double projected = 0;
        for (int j = 0; j < size; j++) {
          double dNormed = (double) dy.get(i, first + j) * norm.scale().get(j);
          sum += norm.centred() ? dNormed : 0;
          projected += dNormed * (x.get(i, first + j) - mean) * reciprocal;
        }
        for (int j = 0; j < size; j++) {
          double dNormed = (double) dy.get(i, first + j) * norm.scale().get(j);
          double normed = (x.get(i, first + j) - mean) * reciprocal;
          double gradient = reciprocal * (dNormed - sum / size - normed * projected / size);
          double before = accumulate ? dx.get(i, first + j) : 0;
          dx.set(i, first + j, (float) (before + gradient));
        }
      }
    }
  }

  static void parameterGradient(Tensor x, Tensor statistics, Tensor dy, Norm dNorm) {
    int size = dNorm.group();
    for (int j = 0; j < size; j++) {
      double scale = 0;
      double shift = 0;
      for (int i = 0; i < x.rows(); i++) {
        for (int group = 0; group < x.columns() / size; group++) {
          double mean = statistics.get(i, 2 * group);
          double normed = (x.get(i, group * size + j) - mean) * statistics.get(i, 2 * group + 1);
          scale += dy.get(i, group * size + j) * normed;
          shift += dy.get(i, group * size + j);
        }
      }
      dNorm.scale().set(j, (float) (dNorm.scale().get(j) + scale));
      if (dNorm.centred()) {
        dNorm.shiftOrNull().set(j, (float) (dNorm.shiftOrNull().get(j) + shift));
      }
    }
  }
}
