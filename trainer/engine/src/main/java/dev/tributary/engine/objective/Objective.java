package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.List;

/** What a model is trained for and measured by: from its last residual stream to losses. */
public interface Objective {

  /**
   * The objective a model's head is made for.
   *
   * @param maxTokens most tokens of one batch
   * @param gradients whether {@link #gradient} will be called
   */
  static Objective of(
      ModelConfig config,
      ModelWeights weights,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      boolean gradients) {
    return config.isClassifier()
        ? new SequenceClassification(config, weights, kernels, arena, maxTokens, gradients)
        : new CausalLanguageModelling(config, weights, kernels, arena, maxTokens, gradients);
  }

  /**
   * Takes the supervised rows of a batch, in order.
   *
   * @throws dev.tributary.foundation.error.BadRecordException if a label is beyond what the model
   *     can say
   */
  void select(PackedBatch batch, SupervisedRows supervised);

  /**
   * The loss of each supervised row, in nats.
   *
   * @param hidden the model's last residual stream, {@code [tokens, width]}
   * @return in the order of the rows; valid until the next call
   */
  double[] losses(Tensor hidden, SupervisedRows supervised, Adaptation adaptation);

  /**
   * By how much the wanted token of each supervised row beat every other one in the last {@link
   * #losses}, in logits: above 0 where a greedy choice is the wanted one. In the order of the rows;
   * valid until the next call. Only a language model's tokens have them.
   */
  default double[] margins() {
    throw new IllegalStateException("classes have predictions, not margins");
  }

  /**
   * {@link #losses}, and the gradient of their weighted sum by the residual stream.
   *
   * @param rowWeights weight of each supervised row
   * @param dHidden {@code [tokens, width]}, overwritten
   */
  double[] gradient(
      Tensor hidden,
      SupervisedRows supervised,
      double[] rowWeights,
      Adaptation adaptation,
      Tensor dHidden);

  /**
   * What was predicted from each supervised row by the last {@link #losses} or {@link #gradient};
   * nothing for a language model, whose vocabulary is no set of classes.
   */
  default List<Prediction> predictions(SupervisedRows supervised) {
    return List.of();
  }
}
