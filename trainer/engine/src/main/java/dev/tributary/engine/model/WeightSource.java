package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** Where a model's weights come from: a file, a random generator, another model. */
@FunctionalInterface
public interface WeightSource {

  /**
   * Fills one weight.
   *
   * @param name as in the model's state dictionary, such as {@code transformer.wte.weight}
   * @param target shaped as the configuration asks; a vector is {@code [1, n]}
   */
  void read(String name, Tensor target);
}
