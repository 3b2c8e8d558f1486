package dev.tributary.engine.generate;

import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Several adaptations side by side in one pass, each on rows of its own; forward only. For one
 * thread.
 */
final class AdaptationMix implements Adaptation {

  /** Rows {@code [from, to)} and what adapts them. */
  private record Part(Adaptation adaptation, int from, int to) {}

  private final List<Part> parts;
  private final List<List<LinearAdaptation>> modules = new ArrayList<>();

  private AdaptationMix(List<Part> parts) {
    this.parts = parts;
  }

  /**
   * @param adaptations of each text
   * @param starts first row of each text, and the row after the last
   */
  static Adaptation of(List<Adaptation> adaptations, int[] starts) {
    List<Part> parts = new ArrayList<>();
    for (int text = 0; text < adaptations.size(); text++) {
      Adaptation adaptation = adaptations.get(text);
      int from = starts[text];
      if (!parts.isEmpty() && parts.getLast().adaptation() == adaptation) {
        from = parts.removeLast().from();
      }
      parts.add(new Part(adaptation, from, starts[text + 1]));
    }
    return parts.size() == 1 ? parts.getFirst().adaptation() : new AdaptationMix(parts);
  }

  @Override
  public int lowestLayer() {
    return Integer.MAX_VALUE;
  }

  @Override
  public LinearAdaptation linear(int layer, LinearModule module) {
    while (modules.size() <= layer) {
      modules.add(new ArrayList<>());
    }
    List<LinearAdaptation> ofLayer = modules.get(layer);
    while (ofLayer.size() <= module.index()) {
      ofLayer.add(null);
    }
    LinearAdaptation mixed = ofLayer.get(module.index());
    if (mixed == null) {
      mixed = mix(layer, module);
      ofLayer.set(module.index(), mixed);
    }
    return mixed;
  }

  private LinearAdaptation mix(int layer, LinearModule module) {
    List<RowsAdaptation> adapted = new ArrayList<>();
    for (Part part : parts) {
      LinearAdaptation linear = part.adaptation().linear(layer, module);
      if (linear != LinearAdaptation.NONE) {
        adapted.add(new RowsAdaptation(linear, part.from(), part.to()));
      }
    }
    return adapted.isEmpty() ? LinearAdaptation.NONE : new Mixed(List.copyOf(adapted));
  }

  /** One module, adapted part by part. */
  private record Mixed(List<RowsAdaptation> parts) implements LinearAdaptation {

    @Override
    public boolean trains() {
      return false;
    }

    @Override
    public void forward(Tensor x, Tensor y) {
      for (int i = 0; i < parts.size(); i++) {
        parts.get(i).forward(x, y);
      }
    }

    @Override
    public void backward(Tensor x, Tensor dy, Tensor dxOrNull) {
      throw new UnsupportedOperationException("a mix of adaptations only goes forward");
    }
  }

  /** One part's rows of one module; the windows are kept, as passes reuse their tensors. */
  private static final class RowsAdaptation {

    private final LinearAdaptation linear;
    private final int from;
    private final int count;
    private Tensor wholeX;
    private Tensor wholeY;
    private Tensor x;
    private Tensor y;

    RowsAdaptation(LinearAdaptation linear, int from, int to) {
      this.linear = linear;
      this.from = from;
      this.count = to - from;
    }

    void forward(Tensor newX, Tensor newY) {
      if (newX != wholeX) {
        wholeX = newX;
        x = newX.slice(from, count);
      }
      if (newY != wholeY) {
        wholeY = newY;
        y = newY.slice(from, count);
      }
      linear.forward(x, y);
    }
  }
}
