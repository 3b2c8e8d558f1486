package dev.tributary.engine.model;

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
        public LinearAdaptation linear(int layer, LinearSite site) {
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

  LinearAdaptation linear(int layer, LinearSite site);

  /** Whether the block's normalisations are trained. */
  default boolean trainsNorms() {
    return false;
  }

  /** Collects the gradients of one of the block's normalisations. */
  default void normBackward(int layer, NormSite site, Tensor x, Tensor statistics, Tensor dy) {}

  /** Collects the gradients of the normalisation before the head. */
  default void finalNormBackward(Tensor x, Tensor statistics, Tensor dy) {}

  /** Collects the gradient of the head. */
  default void headBackward(Tensor x, Tensor dLogits) {}

  /** Collects the gradients of the embeddings. */
  default void embeddingBackward(int[] tokens, int[] positions, Tensor dx) {}
}
