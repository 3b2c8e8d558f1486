package dev.tributary.engine.kernels;

/**
 * The matrix of a linear layer, as some kernels can use it: {@link DenseWeight} for all of them, or
 * whatever {@link Kernels#freeze} made of it for its own.
 */
public interface Weight {

  /** Width of the layer's input. */
  int inputs();

  /** Width of the layer's output. */
  int outputs();
}
