package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.model.ModelWeights.ClassificationHead;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.BadRecordException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The class of a sequence from its first token, as {@code BertForSequenceClassification}: pooler,
 * tanh, classifier, cross-entropy; a chunk of sequences at a time. Without dropout. For one thread.
 */
public final class SequenceClassification implements Objective {

  /** Most sequences whose pooled rows are alive at once. */
  private static final int CHUNK = 256;

  private final ClassificationHead head;
  private final int labels;
  private final Kernels kernels;
  private final RowBuffer first;
  private final RowBuffer pooled;
  private final RowBuffer logits;
  private final RowBuffer dPooledOrNull;
  private final RowBuffer dFirstOrNull;
  private final double[] losses;
  private final int[] predicted;

  /**
   * @param gradients whether {@link #gradient} will be called
   */
  public SequenceClassification(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      boolean gradients) {
    this.head = weights.classification().orElseThrow();
    this.labels = config.labels();
    this.kernels = kernels;
    int chunk = Math.min(CHUNK, maxTokens);
    first = arena.rows(chunk, config.width());
    pooled = arena.rows(chunk, config.width());
    logits = arena.rows(chunk, labels);
    dPooledOrNull = gradients ? arena.rows(chunk, config.width()) : null;
    dFirstOrNull = gradients ? arena.rows(chunk, config.width()) : null;
    losses = new double[maxTokens];
    predicted = new int[maxTokens];
  }

  @Override
  public void select(PackedBatch batch, SupervisedRows supervised) {
    supervised.clear();
    for (int s = 0; s < batch.sequenceCount(); s++) {
      int label = batch.classLabels()[s];
      if (label != TokenizedExample.IGNORED) {
        requireClass(label);
        supervised.add(batch.sequenceStarts()[s], label, s);
      }
    }
  }

  private void requireClass(int label) {
    if (label < 0 || label >= labels) {
      throw new BadRecordException(
          "unknown_label",
          "label: %d is no class of the model; use a number from 0 to %d"
              .formatted(label, labels - 1));
    }
  }

  @Override
  public double[] losses(Tensor hidden, SupervisedRows supervised, Adaptation adaptation) {
    int chunk = logits.whole().rows();
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      Tensor scores = logits(hidden, supervised, from, n, adaptation);
      kernels.crossEntropy(scores, supervised.targets(), from, losses);
    }
    return losses;
  }

  @Override
  public double[] gradient(
      Tensor hidden,
      SupervisedRows supervised,
      double[] rowWeights,
      Adaptation adaptation,
      Tensor dHidden) {
    dHidden.zero();
    Linear classifier = adaptation.classifier(head.classifier());
    int chunk = logits.whole().rows();
    for (int from = 0; from < supervised.count(); from += chunk) {
      int n = Math.min(chunk, supervised.count() - from);
      Tensor scores = logits(hidden, supervised, from, n, adaptation);
      kernels.crossEntropyGradient(scores, supervised.targets(), rowWeights, from, losses);
      backward(scores, classifier, adaptation, n);
      kernels.scatterRows(dFirstOrNull.first(n), supervised.rows(), from, dHidden);
    }
    return losses;
  }

  @Override
  public List<Prediction> predictions(SupervisedRows supervised) {
    return IntStream.range(0, supervised.count())
        .mapToObj(i -> new Prediction(supervised.targets()[i], predicted[i]))
        .toList();
  }

  /**
   * The scores of every class of some supervised rows.
   *
   * @param n at most 256, and at most {@code maxTokens}
   * @return {@code [n, labels]}; valid until the next call
   */
  public Tensor logits(
      Tensor hidden, SupervisedRows supervised, int from, int n, Adaptation adaptation) {
    Linear classifier = adaptation.classifier(head.classifier());
    Tensor x = first.first(n);
    Tensor y = pooled.first(n);
    Tensor scores = logits.first(n);
    kernels.gatherRows(hidden, supervised.rows(), from, x);
    kernels.linear(1, x, head.pooler().weight(), head.pooler().biasOrNull(), false, y);
    kernels.activate(Activation.TANH, y, y);
    kernels.linear(1, y, classifier.weight(), classifier.biasOrNull(), false, scores);
    for (int i = 0; i < n; i++) {
      predicted[from + i] = likeliest(scores, i);
    }
    return scores;
  }

  private static int likeliest(Tensor scores, int row) {
    int best = 0;
    for (int label = 1; label < scores.columns(); label++) {
      if (scores.get(row, label) > scores.get(row, best)) {
        best = label;
      }
    }
    return best;
  }

  /** From the gradient by the logits to that by the first tokens. */
  private void backward(Tensor dLogits, Linear classifier, Adaptation adaptation, int n) {
    Tensor y = pooled.first(n);
    Tensor dy = dPooledOrNull.first(n);
    adaptation.classifierBackward(y, dLogits);
    kernels.linearInputGradient(1, dLogits, classifier.weight(), false, dy);
    throughTanh(y, dy);
    adaptation.poolerBackward(first.first(n), dy);
    kernels.linearInputGradient(1, dy, head.pooler().weight(), false, dFirstOrNull.first(n));
  }

  /** From its result, which is kept in place of its argument: {@code dx = dy (1 - y²)}. */
  private static void throughTanh(Tensor y, Tensor dy) {
    for (long i = 0; i < y.size(); i++) {
      float value = y.get(i);
      dy.set(i, dy.get(i) * (1 - value * value));
    }
  }
}
