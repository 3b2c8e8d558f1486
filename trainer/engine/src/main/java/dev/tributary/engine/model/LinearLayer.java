package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One site of one block: its linear modules, each writing its own columns of the result. */
final class LinearLayer {

  /** A module with its columns of the site's output, and of the gradient by it. */
  private record Part(LinearModule module, Linear linear, RowBuffer y, RowBuffer dyOrNull) {}

  private final Kernels kernels;
  private final int layer;
  private final List<Part> parts = new ArrayList<>();

  /**
   * @param y the site's output
   * @param dyOrNull the gradient by it; null if there is no backward pass
   */
  LinearLayer(
      ModelConfig config,
      Kernels kernels,
      ModelWeights.Block weights,
      LinearSite site,
      int layer,
      RowBuffer y,
      RowBuffer dyOrNull) {
    this.kernels = kernels;
    this.layer = layer;
    for (LinearModule module : config.modules(site)) {
      parts.add(
          new Part(
              module,
              weights.linear(module),
              y.columns(module.column(), module.outputs()),
              dyOrNull == null ? null : dyOrNull.columns(module.column(), module.outputs())));
    }
  }

  /**
   * @param accumulate adds to the output what is computed, instead of overwriting it
   */
  void forward(Pass pass, Tensor x, boolean accumulate) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Linear linear = part.linear;
      Tensor y = part.y.first(pass.n());
      kernels.linear(1, x, linear.weight(), linear.biasOrNull(), accumulate, y);
      pass.adaptation().linear(layer, part.module).forward(x, y);
    }
  }

  /** Whether {@link #backward} needs the layer's input. */
  boolean trains(Adaptation adaptation) {
    for (int i = 0; i < parts.size(); i++) {
      if (adaptation.linear(layer, parts.get(i).module).trains()) {
        return true;
      }
    }
    return false;
  }

  /**
   * @param xOrNull the layer's input; null if nothing here is trained
   * @param accumulate adds to dx instead of overwriting it
   * @param dxOrNull the gradient by the input; null if it is not wanted
   */
  void backward(Pass pass, Tensor xOrNull, boolean accumulate, Tensor dxOrNull) {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      Tensor dy = part.dyOrNull.first(pass.n());
      if (dxOrNull != null) {
        kernels.linearInputGradient(1, dy, part.linear.weight(), accumulate || i > 0, dxOrNull);
      }
      LinearAdaptation adaptation = pass.adaptation().linear(layer, part.module);
      if (adaptation.trains()) {
        adaptation.backward(xOrNull, dy, dxOrNull);
      }
    }
  }
}
