package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** What a fine-tuning method adds to one linear layer, forward and backward. */
public interface LinearAdaptation {

  /** Leaves the layer as it is. */
  LinearAdaptation NONE =
      new LinearAdaptation() {
        @Override
        public boolean trains() {
          return false;
        }

        @Override
        public void forward(Tensor x, Tensor y) {}

        @Override
        public void backward(Tensor x, Tensor dy, boolean inputGradient, Tensor dx) {}
      };

  /** Whether {@link #backward} needs the layer's input. */
  default boolean trains() {
    return true;
  }

  /**
   * Adds to the layer's output.
   *
   * @param x {@code [n, in]}
   * @param y {@code [n, out]}, the frozen layer's output
   */
  void forward(Tensor x, Tensor y);

  /**
   * Collects the gradients of the method's own parameters and, if asked, adds its share of the
   * input's gradient.
   *
   * @param x the input {@link #forward} saw
   * @param dy {@code [n, out]}
   * @param inputGradient whether dx is wanted
   * @param dx {@code [n, in]}, holds the frozen layer's share already
   */
  void backward(Tensor x, Tensor dy, boolean inputGradient, Tensor dx);
}
