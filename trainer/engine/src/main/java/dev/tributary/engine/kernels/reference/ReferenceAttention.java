package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.tensor.Tensor;

/** Attention as the formula has it: all probabilities of a row at once, in double. */
final class ReferenceAttention {

  private final AttentionShape shape;
  private final int headSize;

  ReferenceAttention(AttentionShape shape) {
    this.shape = shape;
    this.headSize = shape.headSize();
  }

  /** Rows {@code [start, end)} are one sequence. */
  void forward(Tensor qkv, int start, int end, Tensor logSumExp, Tensor out) {
    for (int head = 0; head < shape.heads(); head++) {
      for (int i = start; i < end; i++) {
        int length = (shape.causal() ? i + 1 : end) - start;
        Tensor keys = keys(qkv, start, length);
        Tensor values = values(qkv, start, length);
        logSumExp.set(i, head, (float) attend(qkv, i, head, keys, values, out));
      }
    }
  }

  /** Adds to dQkv, which must be zero in these rows. */
  void backward(Tensor qkv, int start, int end, Tensor dOut, Tensor dQkv) {
    for (int head = 0; head < shape.heads(); head++) {
      for (int i = start; i < end; i++) {
        int length = (shape.causal() ? i + 1 : end) - start;
        backwardRow(qkv, head, i, start, length, dOut, dQkv);
      }
    }
  }

  /** Row i attends to all rows of keys and values. */
  void cached(Tensor qkv, int i, Tensor keys, Tensor values, Tensor out) {
    for (int head = 0; head < shape.heads(); head++) {
      attend(qkv, i, head, keys, values, out);
    }
  }

  private void backwardRow(
      Tensor qkv, int head, int i, int start, int length, Tensor dOut, Tensor dQkv) {
    int query = head * headSize;
    int other = shape.keyValueHead(head) * headSize;
    Tensor keys = keys(qkv, start, length);
    Tensor values = values(qkv, start, length);
    Tensor dKeys = keys(dQkv, start, length);
    Tensor dValues = values(dQkv, start, length);
    double[] scores = scores(qkv, i, head, keys);
    double lse = logSumExp(scores);
    double[] dWeights = new double[length];
    double mean = 0;
    for (int j = 0; j < length; j++) {
      for (int d = 0; d < headSize; d++) {
        dWeights[j] += (double) dOut.get(i, query + d) * values.get(j, other + d);
      }
      mean += Math.exp(scores[j] - lse) * dWeights[j];
    }
    for (int j = 0; j < length; j++) {
      double probability = Math.exp(scores[j] - lse);
      double dScore = probability * (dWeights[j] - mean) / Math.sqrt(headSize);
      for (int d = 0; d < headSize; d++) {
        add(dQkv, i, query + d, dScore * keys.get(j, other + d));
        add(dKeys, j, other + d, dScore * qkv.get(i, query + d));
        add(dValues, j, other + d, probability * dOut.get(i, query + d));
      }
    }
  }

  /** One query over all the keys; gives the log-sum-exp of its scores. */
  private double attend(Tensor qkv, int i, int head, Tensor keys, Tensor values, Tensor out) {
    double[] scores = scores(qkv, i, head, keys);
    double lse = logSumExp(scores);
    int other = shape.keyValueHead(head) * headSize;
    for (int d = 0; d < headSize; d++) {
      double sum = 0;
      for (int j = 0; j < scores.length; j++) {
        sum += Math.exp(scores[j] - lse) * values.get(j, other + d);
      }
      out.set(i, head * headSize + d, (float) sum);
    }
    return lse;
  }

  private double[] scores(Tensor qkv, int i, int head, Tensor keys) {
    int other = shape.keyValueHead(head) * headSize;
    double[] scores = new double[keys.rows()];
    for (int j = 0; j < scores.length; j++) {
      for (int d = 0; d < headSize; d++) {
        scores[j] += (double) qkv.get(i, head * headSize + d) * keys.get(j, other + d);
      }
      scores[j] /= Math.sqrt(headSize);
    }
    return scores;
  }

  private Tensor keys(Tensor qkv, int start, int length) {
    return qkv.slice(start, length).columns(shape.keyColumn(), shape.keyValueWidth());
  }

  private Tensor values(Tensor qkv, int start, int length) {
    return qkv.slice(start, length).columns(shape.valueColumn(), shape.keyValueWidth());
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
