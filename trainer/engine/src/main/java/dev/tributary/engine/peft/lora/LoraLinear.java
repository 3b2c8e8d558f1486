package dev.tributary.engine.peft.lora;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;

/**
 * {@code y += scaling * B (A dropout(x))} on one linear module, and its gradients. A and B can be
 * exchanged between passes; the memory stays.
 */
final class LoraLinear implements LinearAdaptation {

  private final Kernels kernels;
  private final float scaling;
  private final double dropout;
  private final RowBuffer hidden;
  private final RowBuffer dHidden;
  private Tensor a;
  private Tensor b;
  private Tensor dA;
  private Tensor dB;
  private long key;

  /**
   * @param dropout rate, 0 for none
   * @param hidden {@code [n, r]}, this module's own: the backward pass needs it
   * @param dHidden {@code [n, r]}, shared with the other modules
   */
  LoraLinear(Kernels kernels, float scaling, double dropout, RowBuffer hidden, RowBuffer dHidden) {
    this.kernels = kernels;
    this.scaling = scaling;
    this.dropout = dropout;
    this.hidden = hidden;
    this.dHidden = dHidden;
  }

  void values(Tensor aValues, Tensor bValues) {
    a = aValues;
    b = bValues;
  }

  void gradients(Tensor aGradient, Tensor bGradient) {
    dA = aGradient;
    dB = bGradient;
  }

  /** What the next pass drops; forward and backward must see the same key. */
  void dropoutKey(long value) {
    key = value;
  }

  @Override
  public void forward(Tensor x, Tensor y) {
    Tensor h = hidden.first(x.rows());
    kernels.lowRankDown(x, dropout, key, a, h);
    kernels.lowRankUp(scaling, h, b, y);
  }

  @Override
  public void backward(Tensor x, Tensor dy, Tensor dxOrNull) {
    Tensor dH = dHidden.first(x.rows());
    kernels.lowRankUpGradient(scaling, dy, hidden.first(x.rows()), b, dB, dH);
    kernels.lowRankDownGradient(x, dropout, key, dH, a, dA, dxOrNull);
  }
}
