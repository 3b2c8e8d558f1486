package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;
import java.util.Optional;

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

  /**
   * The weight where it lies, if it lies as float32 already, so that nothing is copied. Not to be
   * written to; the memory lives as long as the tensor.
   */
  default Optional<Tensor> mapped(String name, int rows, int columns) {
    return Optional.empty();
  }

  /**
   * The rows of a weight where it lies, if that is a file. Their values are not checked: {@link
   * #read} and {@link #mapped} do.
   */
  default Optional<StoredRows> stored(String name, int rows, int columns) {
    return Optional.empty();
  }
}
