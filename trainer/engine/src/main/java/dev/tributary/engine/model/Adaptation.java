package dev.tributary.engine.model;

import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.tensor.Tensor;

/**
 * A fine-tuning method, seen from the model: what it adds where, and which gradients it wants. The
 * model knows no method by name. Used by one thread at a time.
 */
public interface Adaptation {

  /** Trains nothing, changes nothing. */
  Adaptation NONE =
      new Adaptation() {
        @Override
        public int lowestLayer() {
          return Integer.MAX_VALUE;
        }

        @Override
        public LinearAdaptation linear(int layer, LinearModule module) {
          return LinearAdaptation.NONE;
        }
      };

  /**
   * The lowest layer with something to train, below which there is no backward pass; {@link
   * #EMBEDDINGS} if the embeddings are trained too.
   */
  int lowestLayer();

  /** As {@link #lowestLayer}: the backward pass goes all the way down. */
  int EMBEDDINGS = -1;

  /**
   * Whether the gradient by a layer's input is wanted, for the layer's own norms or those below.
   */
  default boolean goesBelow(int layer) {
    return trainsNorms() || lowestLayer() < layer;
  }

  LinearAdaptation linear(int layer, LinearModule module);

  /** The layer that tells classes apart: the base model's, or the method's own. */
  default Linear classifier(Linear base) {
    return base;
  }

  /** Whether the normalisations are trained. */
  default boolean trainsNorms() {
    return false;
  }

  /** Collects the gradients of one of a block's normalisations. */
  default void normBackward(int layer, NormSite site, Tensor x, Tensor statistics, Tensor dy) {}

  /** Collects the gradients of the normalisation before the head. */
  default void finalNormBackward(Tensor x, Tensor statistics, Tensor dy) {}

  /** Collects the gradient of a language model's head. */
  default void headBackward(Tensor x, Tensor dLogits) {}

  /** Collects the gradients of a classifier's last layer. */
  default void classifierBackward(Tensor x, Tensor dLogits) {}

  /** Collects the gradients of a classifier's layer before the last. */
  default void poolerBackward(Tensor x, Tensor dy) {}

  /** Collects the gradients of the normalisation of the embeddings' sum. */
  default void embeddingNormBackward(Tensor x, Tensor statistics, Tensor dy) {}

  /**
   * Collects the gradients of the embeddings.
   *
   * @param tokens of the rows of dx, as are positions and token types
   */
  default void embeddingBackward(int[] tokens, int[] positions, int[] tokenTypes, Tensor dx) {}
}
