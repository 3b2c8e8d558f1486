package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;
import java.util.Optional;

/** Where a model's weights come from: a file, a generator, another model. */
@FunctionalInterface
public interface WeightSource {

  /**
   * Fills a tensor with the weight of that name.
   *
   * @param target of the shape the weight must have; a vector is one row
   */
  void read(String name, Tensor target);

  /**
   * The weight where it lies, if it lies as float32 already, so that nothing is copied. Not to be
   * written to; the memory lives as long as the tensor.
   */
  default Optional<Tensor> mapped(String name, int rows, int columns) {
    return Optional.empty();
  }
}
