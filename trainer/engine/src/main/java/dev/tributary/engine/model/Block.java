package dev.tributary.engine.model;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.tensor.Tensor;

/** One transformer block: attention and a feed-forward layer, each added to what went in. */
interface Block {

  /** From the block's input to its output, both in its {@link Activations.Block}. */
  void forward(Pass pass);

  /**
   * @param batch what the forward pass saw
   * @param dResidual {@code [n, width]}: in, the gradient by the block's output; out, by its input
   *     if anything below is trained
   */
  void backward(Pass pass, PackedBatch batch, Tensor dResidual);
}
