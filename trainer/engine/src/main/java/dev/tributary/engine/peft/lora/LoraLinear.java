package dev.tributary.engine.peft.lora;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;

/**
 * {@code y += scaling * B (A dropout(x))} on one linear layer, and its gradients. A and B can be
 * exchanged between passes; the memory stays.
 */
final class LoraLinear implements LinearAdaptation {

  /**
   * What one site needs, most of it shared with the others.
   *
   * @param hidden {@code [n, r]}, this site's own: the backward pass needs it
   * @param dHidden {@code [n, r]}, shared
   * @param dropped {@code [n, in]}, shared by the sites of that input width
   */
  record Scratch(RowBuffer hidden, RowBuffer dHidden, RowBuffer dropped) {}

  private final Kernels kernels;
  private final float scaling;
  private final double dropout;
  private final Scratch scratch;
  private Weight a;
  private Weight b;
  private Weight dA;
  private Weight dB;
  private long key;

  /**
   * @param dropout rate, 0 for none
   */
  LoraLinear(Kernels kernels, float scaling, double dropout, Scratch scratch) {
    this.kernels = kernels;
    this.scaling = scaling;
    this.dropout = dropout;
    this.scratch = scratch;
  }

  void values(Tensor aValues, Tensor bValues) {
    a = Weight.outIn(aValues);
    b = Weight.outIn(bValues);
  }

  void gradients(Tensor aGradient, Tensor bGradient) {
    dA = Weight.outIn(aGradient);
    dB = Weight.outIn(bGradient);
  }

  /** What the next pass drops; forward and backward must see the same key. */
  void dropoutKey(long value) {
    key = value;
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    Tensor hidden = scratch.hidden().first(x.rows());
    kernels.linear(1, dropped(x), a, false, hidden);
    kernels.linear(scaling, hidden, b, true, y);
  }

  @Override
  public void backward(Tensor x, Tensor dy, boolean inputGradient, Tensor dx) {
    Tensor hidden = scratch.hidden().first(x.rows());
    Tensor dHidden = scratch.dHidden().first(x.rows());
    kernels.linearWeightGradient(scaling, hidden, dy, dB);
    kernels.linearInputGradient(scaling, dy, b, false, dHidden);
    kernels.linearWeightGradient(1, dropped(x), dHidden, dA);
    if (!inputGradient) {
      return;
    }
    if (dropout == 0) {
      kernels.linearInputGradient(1, dHidden, a, true, dx);
    } else {
      Tensor dDropped = scratch.dropped().first(x.rows());
      kernels.linearInputGradient(1, dHidden, a, false, dDropped);
      kernels.dropoutGradient(dDropped, dropout, key, dx);
    }
  }

  private Tensor dropped(Tensor x) {
    if (dropout == 0) {
      return x;
    }
    Tensor dropped = scratch.dropped().first(x.rows());
    kernels.dropout(x, dropout, key, dropped);
    return dropped;
  }
}
