package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;

/** Two linear layers with an activation, gated or not, between them. */
final class FeedForwardLayer {

  private final Kernels kernels;
  private final Activation activation;
  private final boolean gated;
  private final RowBuffer inner;
  private final RowBuffer activated;
  private final Gradients gradientsOrNull;
  private final LinearLayer input;
  private final LinearLayer output;

  /**
   * @param sum where the result is added
   * @param dSumOrNull the gradient by it; null if there is no backward pass, as gradientsOrNull
   */
  FeedForwardLayer(
      ModelConfig config,
      Kernels kernels,
      ModelWeights.Block weights,
      int layer,
      Activations activations,
      RowBuffer sum,
      Gradients gradientsOrNull,
      RowBuffer dSumOrNull) {
    this.kernels = kernels;
    this.activation = config.activation();
    this.gated = config.family().isGated();
    this.inner = activations.block(layer).inner();
    this.activated = activations.activated();
    this.gradientsOrNull = gradientsOrNull;
    RowBuffer dInner = gradientsOrNull == null ? null : gradientsOrNull.inner();
    this.input =
        new LinearLayer(config, kernels, weights, LinearSite.MLP_INPUT, layer, inner, dInner);
    this.output =
        new LinearLayer(config, kernels, weights, LinearSite.MLP_OUTPUT, layer, sum, dSumOrNull);
  }

  /** Adds the result to the sum it was made for. */
  void forward(Pass pass, Tensor x) {
    input.forward(pass, x, false);
    output.forward(pass, activate(pass.n()), true);
  }

  /** Whether {@link #backward} needs the input. */
  boolean trainsInput(Adaptation adaptation) {
    return input.trains(adaptation);
  }

  /**
   * From the gradient by the sum to the one by the input.
   *
   * @param xOrNull the input; null if nothing at its site is trained
   * @param accumulate adds to dx instead of overwriting it
   */
  void backward(Pass pass, Tensor xOrNull, boolean accumulate, Tensor dx) {
    int n = pass.n();
    Tensor dActivated = gradientsOrNull.activated().first(n);
    Tensor dInner = gradientsOrNull.inner().first(n);
    Tensor between = output.trains(pass.adaptation()) ? activate(n) : null;
    output.backward(pass, between, false, dActivated);
    if (gated) {
      kernels.gateGradient(activation, inner.first(n), dActivated, dInner);
    } else {
      kernels.activationGradient(activation, inner.first(n), dActivated, dInner);
    }
    input.backward(pass, xOrNull, accumulate, dx);
  }

  private Tensor activate(int n) {
    Tensor result = activated.first(n);
    if (gated) {
      kernels.gate(activation, inner.first(n), result);
    } else {
      kernels.activate(activation, inner.first(n), result);
    }
    return result;
  }
}
