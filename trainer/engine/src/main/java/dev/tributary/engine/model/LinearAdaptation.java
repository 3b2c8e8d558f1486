package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** What a fine-tuning method adds to one linear module, forward and backward. */
public interface LinearAdaptation {

  /** Leaves the module as it is. */
  LinearAdaptation NONE =
      new LinearAdaptation() {
        @Override
        public boolean trains() {
          return false;
        }

        @Override
        public void forward(Tensor x, Tensor y) {}

        @Override
        public void backward(Tensor x, Tensor dy, Tensor dxOrNull) {}
      };

  /** Whether {@link #backward} needs the module's input. */
  default boolean trains() {
    return true;
  }

  /**
   * Adds to the module's output.
   *
   * @param x {@code [n, in]}
   * @param y {@code [n, out]}, may be strided; holds the frozen module's output
   */
  void forward(Tensor x, Tensor y);

  /**
   * Collects the gradients of the method's own parameters and, if asked, adds its share of the
   * input's gradient.
   *
   * @param x the input {@link #forward} saw
   * @param dy {@code [n, out]}, may be strided
   * @param dxOrNull {@code [n, in]}, holds the frozen module's share already; null if not wanted
   */
  void backward(Tensor x, Tensor dy, Tensor dxOrNull);
}
