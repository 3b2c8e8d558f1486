package dev.tributary.engine.model;

import dev.tributary.engine.tensor.Tensor;

/** The stream that each layer adds to. */
final class Residual {

  private Residual() {}

  /** Starts a new stretch of the stream, unless it is updated in place. */
  static void carry(Tensor from, Tensor to) {
    if (to.memory().address() != from.memory().address()) {
      to.copyFrom(from);
    }
  }
}
