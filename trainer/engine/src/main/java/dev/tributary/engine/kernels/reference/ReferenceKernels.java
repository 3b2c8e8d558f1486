package dev.tributary.engine.kernels.reference;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AdamWStep;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.DropoutMask;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.tensor.Tensor;

/**
 * What each operation means: plain loops, sums in double precision. The judge of the fast
 * implementations, and far too slow for anything else.
 */
public final class ReferenceKernels implements Kernels {

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String description() {
    return "plain Java loops, sums in double precision, one thread";
  }

  @Override
  public void linear(
      float alpha, Tensor x, Weight weight, Tensor biasOrNull, boolean accumulate, Tensor y) {
    DenseWeight dense = DenseWeight.of(weight);
    for (int i = 0; i < x.rows(); i++) {
      for (int o = 0; o < dense.outputs(); o++) {
        double sum = 0;
        for (int k = 0; k < dense.inputs(); k++) {
          sum += (double) x.get(i, k) * element(dense, k, o);
        }
        double bias = biasOrNull == null ? 0 : biasOrNull.get(o);
        y.set(i, o, (float) (alpha * sum + bias + (accumulate ? y.get(i, o) : 0)));
      }
    }
  }

  @Override
  public void linearInputGradient(
      float alpha, Tensor dy, Weight weight, boolean accumulate, Tensor dx) {
    DenseWeight dense = DenseWeight.of(weight);
    for (int i = 0; i < dy.rows(); i++) {
      for (int k = 0; k < dense.inputs(); k++) {
        double sum = 0;
        for (int o = 0; o < dense.outputs(); o++) {
          sum += (double) dy.get(i, o) * element(dense, k, o);
        }
        dx.set(i, k, (float) (alpha * sum + (accumulate ? dx.get(i, k) : 0)));
      }
    }
  }

  @Override
  public void linearWeightGradient(float alpha, Tensor x, Tensor dy, DenseWeight dWeight) {
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
  public void lowRankDown(Tensor x, double dropoutRate, long dropoutKey, Tensor a, Tensor hidden) {
    new ReferenceLowRank(dropoutRate, dropoutKey).down(x, a, hidden);
  }

  @Override
  public void lowRankUp(float scaling, Tensor hidden, Tensor b, Tensor y) {
    ReferenceLowRank.up(scaling, hidden, b, y);
  }

  @Override
  public void lowRankUpGradient(
      float scaling, Tensor dy, Tensor hidden, Tensor b, Tensor dB, Tensor dHidden) {
    ReferenceLowRank.upGradient(scaling, dy, hidden, b, dB, dHidden);
  }

  @Override
  public void lowRankDownGradient(
      Tensor x,
      double dropoutRate,
      long dropoutKey,
      Tensor dHidden,
      Tensor a,
      Tensor dA,
      Tensor dxOrNull) {
    new ReferenceLowRank(dropoutRate, dropoutKey).downGradient(x, dHidden, a, dA, dxOrNull);
  }

  @Override
  public void embed(int[] rows, Tensor table, boolean accumulate, Tensor x) {
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        x.set(i, j, table.get(rows[i], j) + (accumulate ? x.get(i, j) : 0));
      }
    }
  }

  @Override
  public void embedGradient(int[] rows, Tensor dx, Tensor dTable) {
    scatterRows(dx, rows, 0, dTable);
  }

  @Override
  public void norm(Norm norm, Tensor x, Tensor statistics, Tensor y) {
    ReferenceNorm.forward(norm, x, statistics, y);
  }

  @Override
  public void normInputGradient(
      Norm norm, Tensor x, Tensor statistics, Tensor dy, boolean accumulate, Tensor dx) {
    ReferenceNorm.inputGradient(norm, x, statistics, dy, accumulate, dx);
  }

  @Override
  public void normParameterGradient(Tensor x, Tensor statistics, Tensor dy, Norm dNorm) {
    ReferenceNorm.parameterGradient(x, statistics, dy, dNorm);
  }

  @Override
  public void activate(Activation activation, Tensor x, Tensor y) {
    for (long i = 0; i < x.size(); i++) {
      y.set(i, (float) ReferenceActivation.value(activation, x.get(i)));
    }
  }

  @Override
  public void activationGradient(Activation activation, Tensor x, Tensor dy, Tensor dx) {
    for (long i = 0; i < x.size(); i++) {
      dx.set(i, (float) (dy.get(i) * ReferenceActivation.slope(activation, x.get(i))));
    }
  }

  @Override
  public void gate(Activation activation, Tensor gateUp, Tensor y) {
    int inner = y.columns();
    for (int i = 0; i < y.rows(); i++) {
      for (int j = 0; j < inner; j++) {
        double value = ReferenceActivation.value(activation, gateUp.get(i, j));
        y.set(i, j, (float) (value * gateUp.get(i, inner + j)));
      }
    }
  }

  @Override
  public void gateGradient(Activation activation, Tensor gateUp, Tensor dy, Tensor dGateUp) {
    int inner = dy.columns();
    for (int i = 0; i < dy.rows(); i++) {
      for (int j = 0; j < inner; j++) {
        double gate = gateUp.get(i, j);
        double up = gateUp.get(i, inner + j);
        double d = dy.get(i, j);
        dGateUp.set(i, j, (float) (d * up * ReferenceActivation.slope(activation, gate)));
        dGateUp.set(i, inner + j, (float) (d * ReferenceActivation.value(activation, gate)));
      }
    }
  }

  @Override
  public void rotate(RotaryTable table, int[] positions, boolean backward, Tensor x) {
    int half = table.headSize() / 2;
    for (int i = 0; i < x.rows(); i++) {
      for (int head = 0; head < x.columns(); head += table.headSize()) {
        for (int pair = 0; pair < half; pair++) {
          double cosine = table.cosines().get(positions[i], pair);
          double sine = (backward ? -1 : 1) * table.sines().get(positions[i], pair);
          double first = x.get(i, head + pair);
          double second = x.get(i, head + half + pair);
          x.set(i, head + pair, (float) (first * cosine - second * sine));
          x.set(i, head + half + pair, (float) (second * cosine + first * sine));
        }
      }
    }
  }

  @Override
  public void attention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out) {
    ReferenceAttention attention = new ReferenceAttention(shape);
    for (int s = 0; s < sequences; s++) {
      attention.forward(qkv, sequenceStarts[s], sequenceStarts[s + 1], logSumExp, out);
    }
  }

  @Override
  public void attentionGradient(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      Tensor logSumExp,
      Tensor out,
      Tensor dOut,
      Tensor dQkv) {
    dQkv.zero();
    ReferenceAttention attention = new ReferenceAttention(shape);
    for (int s = 0; s < sequences; s++) {
      attention.backward(qkv, sequenceStarts[s], sequenceStarts[s + 1], dOut, dQkv);
    }
  }

  @Override
  public void cacheKeysAndValues(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache) {
    for (int s = 0; s < sequences; s++) {
      for (int i = sequenceStarts[s]; i < sequenceStarts[s + 1]; i++) {
        int row = s * cache.capacity() + past[s] + i - sequenceStarts[s];
        for (int j = 0; j < shape.keyValueWidth(); j++) {
          cache.keys().set(row, j, qkv.get(i, shape.keyColumn() + j));
          cache.values().set(row, j, qkv.get(i, shape.valueColumn() + j));
        }
      }
    }
  }

  @Override
  public void cachedAttention(
      AttentionShape shape,
      Tensor qkv,
      int[] sequenceStarts,
      int sequences,
      int[] past,
      KeyValueRows cache,
      Tensor out) {
    ReferenceAttention attention = new ReferenceAttention(shape);
    for (int s = 0; s < sequences; s++) {
      int first = s * cache.capacity();
      for (int i = sequenceStarts[s]; i < sequenceStarts[s + 1]; i++) {
        int length = past[s] + i - sequenceStarts[s] + 1;
        attention.cached(
            qkv, i, cache.keys().slice(first, length), cache.values().slice(first, length), out);
      }
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

  private static float element(DenseWeight weight, int input, int output) {
    return weight.isOutIn()
        ? weight.values().get(output, input)
        : weight.values().get(input, output);
  }

  private static void add(Tensor tensor, int row, int column, double value) {
    tensor.set(row, column, (float) (tensor.get(row, column) + value));
  }
}
