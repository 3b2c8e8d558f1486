package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/** Causal attention as the formula has it: all probabilities of a row at once, in double. */
final class ReferenceAttention {

  private final Tensor qkv;
  private final int heads;
  private final int width;
  private final int headSize;

  ReferenceAttention(Tensor qkv, int heads) {
    this.qkv = qkv;
    this.heads = heads;
    this.width = qkv.columns() / 3;
    this.headSize = width / heads;
  }

  /** Rows {@code [start, end)} are one sequence. */
  void forward(int start, int end, Tensor logSumExp, Tensor out) {
    for (int head = 0; head < heads; head++) {
      for (int i = start; i < end; i++) {
        double[] scores = scores(head, i, start);
        double lse = logSumExp(scores);
        logSumExp.set(i, head, (float) lse);
        for (int d = head * headSize; d < (head + 1) * headSize; d++) {
          double sum = 0;
          for (int j = start; j <= i; j++) {
            sum += Math.exp(scores[j - start] - lse) * qkv.get(j, 2 * width + d);
          }
          out.set(i, d, (float) sum);
        }
      }
    }
  }

  /** Adds to dQkv, which must be zero in these rows. */
  void backward(int start, int end, Tensor dOut, Tensor dQkv) {
    for (int head = 0; head < heads; head++) {
      for (int i = start; i < end; i++) {
        backwardRow(head, i, start, dOut, dQkv);
      }
    }
  }

  private void backwardRow(int head, int i, int start, Tensor dOut, Tensor dQkv) {
    double[] scores = scores(head, i, start);
    double lse = logSumExp(scores);
    double[] dWeights = new double[scores.length];
    double mean = 0;
    for (int j = 0; j < scores.length; j++) {
      for (int d = head * headSize; d < (head + 1) * headSize; d++) {
        dWeights[j] += (double) dOut.get(i, d) * qkv.get(start + j, 2 * width + d);
      }
      mean += Math.exp(scores[j] - lse) * dWeights[j];
    }
    for (int j = 0; j < scores.length; j++) {
      double probability = Math.exp(scores[j] - lse);
      double dScore = probability * (dWeights[j] - mean) / Math.sqrt(headSize);
      for (int d = head * headSize; d < (head + 1) * headSize; d++) {
        add(dQkv, i, d, dScore * qkv.get(start + j, width + d));
        add(dQkv, start + j, width + d, dScore * qkv.get(i, d));
        add(dQkv, start + j, 2 * width + d, probability * dOut.get(i, d));
      }
    }
  }

  /** Row i attends to the first {@code length} rows of the cache. */
  static void oneRow(
      Tensor qkv, int i, int length, int heads, Tensor keys, Tensor values, Tensor out) {
    int headSize = out.columns() / heads;
    for (int head = 0; head < heads; head++) {
      double[] scores = new double[length];
      for (int j = 0; j < length; j++) {
        for (int d = head * headSize; d < (head + 1) * headSize; d++) {
          scores[j] += (double) qkv.get(i, d) * keys.get(j, d);
        }
        scores[j] /= Math.sqrt(headSize);
      }
      double lse = logSumExp(scores);
      for (int d = head * headSize; d < (head + 1) * headSize; d++) {
        double sum = 0;
        for (int j = 0; j < length; j++) {
          sum += Math.exp(scores[j] - lse) * values.get(j, d);
        }
        out.set(i, d, (float) sum);
      }
    }
  }

  /** Scaled products of query i with the keys from start to i. */
  private double[] scores(int head, int i, int start) {
    double[] scores = new double[i - start + 1];
    for (int j = start; j <= i; j++) {
      double sum = 0;
      for (int d = head * headSize; d < (head + 1) * headSize; d++) {
        sum += (double) qkv.get(i, d) * qkv.get(j, width + d);
      }
      scores[j - start] = sum / Math.sqrt(headSize);
    }
    return scores;
  }

  private static double logSumExp(double[] scores) {
    double max = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      max = Math.max(max, score);
    }
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - max);
    }
    return max + Math.log(sum);
  }

  private static void add(Tensor tensor, int row, int column, double value) {
    tensor.set(row, column, (float) (tensor.get(row, column) + value));
  }
}
