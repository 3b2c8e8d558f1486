package dev.tributary.engine.kernels;

import dev.tributary.engine.tensor.Tensor;

/**
 * What each operation means: plain loops, sums in double precision. The judge of the fast
 * implementations, and far too slow for anything else.
 */
public final class ReferenceKernels implements Kernels {

  private static final double GELU_SLOPE = Math.sqrt(2 / Math.PI);
  private static final double GELU_CUBIC = 0.044715;

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain Java loops, sums in double precision, one thread";
  }

  @Override
  public void linear(float alpha, Tensor x, Weight weight, boolean accumulate, Tensor y) {
    for (int i = 0; i < x.rows(); i++) {
      for (int o = 0; o < weight.outputs(); o++) {
        double sum = 0;
        for (int k = 0; k < weight.inputs(); k++) {
          sum += (double) x.get(i, k) * element(weight, k, o);
        }
        y.set(i, o, (float) (alpha * sum + (accumulate ? y.get(i, o) : 0)));
      }
    }
  }

  @Override
  public void linearInputGradient(
      float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx) {
    for (int i = 0; i < dy.rows(); i++) {
      for (int k = 0; k < weight.inputs(); k++) {
        double sum = 0;
        for (int o = 0; o < weight.outputs(); o++) {
          sum += (double) dy.get(i, o) * element(weight, k, o);
        }
        dx.set(i, k, (float) (alpha * sum + (accumulate ? dx.get(i, k) : 0)));
      }
    }
  }

  @Override
  public void linearWeightGradient(float alpha, Tensor x, Tensor dy, Weight dWeight) {
    for (int k = 0; k < dWeight.inputs(); k++) {
      for (int o = 0; o < dWeight.outputs(); o++) {
        double sum = 0;
        for (int i = 0; i < x.rows(); i++) {
          sum += (double) x.get(i, k) * dy.get(i, o);
        }
        int row = dWeight.isOutIn() ? o : k;
        int column = dWeight.isOutIn() ? k : o;
        add(dWeight.values(), row, column, alpha * sum);
      }
    }
  }

  @Override
  public void addBias(Tensor bias, Tensor y) {
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < y.columns(); j++) {
        add(y, i, j, bias.get(j));
      }
    }
  }

  @Override
  public void biasGradient(Tensor dy, Tensor dBias) {
    for (int j = 0; j < dy.columns(); j++) {
      double sum = 0;
      for (int i = 0; i < dy.rows(); i++) {
        sum += dy.get(i, j);
      }
      add(dBias, 0, j, sum);
    }
  }

  @Override
  public void embed(
      int[] tokens, int[] positions, Tensor tokenTable, Tensor positionTable, Tensor x) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        x.set(i, j, tokenTable.get(tokens[i], j) + positionTable.get(positions[i], j));
      }
    }
  }

  @Override
  public void embedGradient(
      int[] tokens, int[] positions, Tensor dx, Tensor dTokenTable, Tensor dPositionTable) {
    for (int i = 0; i < dx.rows(); i++) {
      for (int j = 0; j < dx.columns(); j++) {
        add(dTokenTable, tokens[i], j, dx.get(i, j));
        add(dPositionTable, positions[i], j, dx.get(i, j));
      }
    }
  }

  @Override
  public void layerNorm(
      Tensor x, Tensor scale, Tensor shift, double epsilon, Tensor statistics, Tensor y) {
    int width = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      double mean = 0;
      for (int j = 0; j < width; j++) {
        mean += x.get(i, j);
      }
      mean /= width;
      double variance = 0;
      for (int j = 0; j < width; j++) {
        double centred = x.get(i, j) - mean;
        variance += centred * centred;
      }
      double reciprocal = 1 / Math.sqrt(variance / width + epsilon);
      for (int j = 0; j < width; j++) {
        y.set(i, j, (float) ((x.get(i, j) - mean) * reciprocal * scale.get(j) + shift.get(j)));
      }
      statistics.set(i, 0, (float) mean);
      statistics.set(i, 1, (float) reciprocal);
    }
  }

  @Override
  public void layerNormInputGradient(
      Tensor x, Tensor scale, Tensor statistics, Tensor dy, Tensor dx) {
    int width = x.columns();
    for (int i = 0; i < x.rows(); i++) {
      double mean = statistics.get(i, 0);
      double reciprocal = statistics.get(i, 1);
      double sum = 0;
      double projected = 0;
      for (int j = 0; j < width; j++) {
        double dNormed = (double) dy.get(i, j) * scale.get(j);
        sum += dNormed;
        projected += dNormed * (x.get(i, j) - mean) * reciprocal;
      }
      for (int j = 0; j < width; j++) {
        double dNormed = (double) dy.get(i, j) * scale.get(j);
        double normed = (x.get(i, j) - mean) * reciprocal;
        add(dx, i, j, reciprocal * (dNormed - sum / width - normed * projected / width));
      }
    }
  }

  @Override
  public void layerNormParameterGradient(
      Tensor x, Tensor statistics, Tensor dy, Tensor dScale, Tensor dShift) {
    for (int j = 0; j < x.columns(); j++) {
      double scale = 0;
      double shift = 0;
      for (int i = 0; i < x.rows(); i++) {
        double normed = (x.get(i, j) - (double) statistics.get(i, 0)) * statistics.get(i, 1);
        scale += dy.get(i, j) * normed;
        shift += dy.get(i, j);
      }
      add(dScale, 0, j, scale);
      add(dShift, 0, j, shift);
    }
  }

  @Override
  public void gelu(Tensor x, Tensor y) {
    for (long i = 0; i < x.size(); i++) {
      double v = x.get(i);
      y.set(i, (float) (0.5 * v * (1 + Math.tanh(geluInner(v)))));
    }
  }

  @Override
  public void geluGradient(Tensor x, Tensor dy, Tensor dx) {
    for (long i = 0; i < x.size(); i++) {
      double v = x.get(i);
      double tanh = Math.tanh(geluInner(v));
      double dInner = GELU_SLOPE * (1 + 3 * GELU_CUBIC * v * v);
      double slope = 0.5 * (1 + tanh) + 0.5 * v * (1 - tanh * tanh) * dInner;
      dx.set(i, (float) (dy.get(i) * slope));
    }
  }

  @Override
  public void attention(
      Tensor qkv, int[] sequenceStarts, int sequences, int heads, Tensor logSumExp, Tensor out) {
    ReferenceAttention attention = new ReferenceAttention(qkv, heads);
    for (int s = 0; s < sequences; s++) {
      attention.forward(sequenceStarts[s], sequenceStarts[s + 1], logSumExp, out);
    }
  }

  @Override
  public void attentionGradient(
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int heads,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    dQkv.zero();
    ReferenceAttention attention = new ReferenceAttention(qkv, heads);
    for (int s = 0; s < sequences; s++) {
      attention.backward(sequenceStarts[s], sequenceStarts[s + 1], dOut, dQkv);
    }
  }

  @Override
  public void cacheKeysAndValues(Tensor qkv, int past, Tensor keys, Tensor values) {
    int width = keys.columns();
    for (int i = 0; i < qkv.rows(); i++) {
      for (int j = 0; j < width; j++) {
        keys.set(past + i, j, qkv.get(i, width + j));
        values.set(past + i, j, qkv.get(i, 2 * width + j));
      }
    }
  }

  @Override
  public void cachedAttention(
      Tensor qkv, int past, int heads, Tensor keys, Tensor values, Tensor out) {
    for (int i = 0; i < qkv.rows(); i++) {
      ReferenceAttention.oneRow(qkv, i, past + i + 1, heads, keys, values, out);
    }
  }

  @Override
  public void gatherRows(Tensor x, int[] rows, int from, Tensor y) {
    for (int i = 0; i < y.rows(); i++) {
      y.slice(i, 1).copyFrom(x.slice(rows[from + i], 1));
    }
  }

  @Override
  public void scatterRows(Tensor dy, int[] rows, int from, Tensor dx) {
    for (int i = 0; i < dy.rows(); i++) {
      for (int j = 0; j < dy.columns(); j++) {
        add(dx, rows[from + i], j, dy.get(i, j));
      }
    }
  }

  @Override
  public void crossEntropy(Tensor logits, int[] targets, int from, double[] losses) {
    for (int i = 0; i < logits.rows(); i++) {
      losses[from + i] = logSumExp(logits, i) - logits.get(i, targets[from + i]);
    }
  }

  @Override
  public void crossEntropyGradient(
      Tensor logits, int[] targets, double[] weights, int from, double[] losses) {
    for (int i = 0; i < logits.rows(); i++) {
      int target = targets[from + i];
      double logSumExp = logSumExp(logits, i);
      losses[from + i] = logSumExp - logits.get(i, target);
      for (int j = 0; j < logits.columns(); j++) {
        double probability = Math.exp(logits.get(i, j) - logSumExp);
        logits.set(i, j, (float) (weights[from + i] * (probability - (j == target ? 1 : 0))));
      }
    }
  }

  @Override
  public void dropout(Tensor x, double rate, long key, Tensor y) {
    int threshold = DropoutMask.threshold(rate);
    for (int i = 0; i < x.size(); i++) {
      y.set(i, DropoutMask.keeps(key, i, threshold) ? (float) (x.get(i) / (1 - rate)) : 0);
    }
  }

  @Override
  public void dropoutGradient(Tensor dy, double rate, long key, Tensor dx) {
    int threshold = DropoutMask.threshold(rate);
    for (int i = 0; i < dy.size(); i++) {
      if (DropoutMask.keeps(key, i, threshold)) {
        dx.set(i, (float) (dx.get(i) + dy.get(i) / (1 - rate)));
      }
    }
  }

  @Override
  public double sumOfSquares(Tensor x) {
    double sum = 0;
    for (long i = 0; i < x.size(); i++) {
      sum += (double) x.get(i) * x.get(i);
    }
    return sum;
  }

  @Override
  public void adamW(
      AdamWStep step, Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment) {
    for (long i = 0; i < value.size(); i++) {
      double g = gradient.get(i) * step.gradientScale();
      double m = step.beta1() * firstMoment.get(i) + (1 - step.beta1()) * g;
      double v = step.beta2() * secondMoment.get(i) + (1 - step.beta2()) * g * g;
      double denominator = Math.sqrt(v) / step.secondCorrectionRoot() + step.epsilon();
      double decayed = value.get(i) * (1 - step.learningRate() * step.weightDecay());
      double update = step.learningRate() / step.firstCorrection() * m / denominator;
      firstMoment.set(i, (float) m);
      secondMoment.set(i, (float) v);
      value.set(i, (float) (decayed - update));
    }
  }

  private static double geluInner(double v) {
    return GELU_SLOPE * (v + GELU_CUBIC * v * v * v);
  }

  private static double logSumExp(Tensor logits, int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < logits.columns(); j++) {
      max = Math.max(max, logits.get(row, j));
    }
    double sum = 0;
    for (int j = 0; j < logits.columns(); j++) {
      sum += Math.exp(logits.get(row, j) - max);
    }
    return max + Math.log(sum);
  }

  private static float element(Weight weight, int input, int output) {
    return weight.isOutIn()
        ? weight.values().get(output, input)
        : weight.values().get(input, output);
  }

  private static void add(Tensor tensor, int row, int column, double value) {
    tensor.set(row, column, (float) (tensor.get(row, column) + value));
  }
}
