package dev.tributary.engine.peft.lora;

import dev.tributary.engine.kernels.DropoutMask;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearSite;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.TensorArena;
import java.util.HashMap;
import java.util.Map;

/**
 * LoRA on the linear layers of a decoder, unmerged: any number of adapters of one configuration can
 * take turns on the same frozen weights. For one thread.
 */
public final class LoraAdaptation implements Adaptation {

  private final LinearAdaptation[][] sites;
  private final int lowestLayer;

  private LoraAdaptation(
      ModelConfig model,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      LoraConfig lora,
      double dropout) {
    sites = new LinearAdaptation[model.layers()][LinearSite.values().length];
    RowBuffer dHidden = arena.rows(maxTokens, lora.r());
    Map<Integer, RowBuffer> dropped = new HashMap<>();
    int lowest = model.layers();
    for (int layer = model.layers() - 1; layer >= 0; layer--) {
      for (LinearSite site : LinearSite.values()) {
        sites[layer][site.ordinal()] = LinearAdaptation.NONE;
        if (lora.adapts(site.module(layer))) {
          RowBuffer input =
              dropout == 0
                  ? null
                  : dropped.computeIfAbsent(
                      site.inputs(model), width -> arena.rows(maxTokens, width));
          sites[layer][site.ordinal()] =
              new LoraLinear(
                  kernels,
                  lora.scaling(),
                  dropout,
                  new LoraLinear.Scratch(arena.rows(maxTokens, lora.r()), dHidden, input));
          lowest = layer;
        }
      }
    }
    lowestLayer = lowest;
  }

  /** With dropout and gradients. */
  public static LoraAdaptation forTraining(
      ModelConfig model, Kernels kernels, TensorArena arena, int maxTokens, LoraConfig lora) {
    return new LoraAdaptation(model, kernels, arena, maxTokens, lora, lora.loraDropout());
  }

  /** One adapter as it is, without dropout. */
  public static LoraAdaptation forInference(
      ModelConfig model, Kernels kernels, TensorArena arena, int maxTokens, LoraAdapter adapter) {
    LoraAdaptation adaptation =
        new LoraAdaptation(model, kernels, arena, maxTokens, adapter.config(), 0);
    adaptation.use(adapter);
    return adaptation;
  }

  /** Puts an adapter's weights in place. */
  public void use(LoraAdapter adapter) {
    forEachSite(
        (linear, layer, site) ->
            linear.values(
                adapter.parameters().get(LoraAdapter.nameOfA(site.module(layer))),
                adapter.parameters().get(LoraAdapter.nameOfB(site.module(layer)))));
  }

  /** Where gradients are added, laid out as the adapter. */
  public void collectInto(ParameterBlock gradients) {
    forEachSite(
        (linear, layer, site) ->
            linear.gradients(
                gradients.get(LoraAdapter.nameOfA(site.module(layer))),
                gradients.get(LoraAdapter.nameOfB(site.module(layer)))));
  }

  /** Chooses what this step drops. */
  public void dropFor(long seed, long step) {
    for (int layer = 0; layer < sites.length; layer++) {
      for (int site = 0; site < sites[layer].length; site++) {
        if (sites[layer][site] instanceof LoraLinear linear) {
          linear.dropoutKey(DropoutMask.key(seed, step, layer * sites[layer].length + site));
        }
      }
    }
  }

  @Override
  public int lowestLayer() {
    return lowestLayer;
  }

  @Override
  public LinearAdaptation linear(int layer, LinearSite site) {
    return sites[layer][site.ordinal()];
  }

  private interface SiteAction {
    void accept(LoraLinear linear, int layer, LinearSite site);
  }

  private void forEachSite(SiteAction action) {
    for (int layer = 0; layer < sites.length; layer++) {
      for (LinearSite site : LinearSite.values()) {
        if (sites[layer][site.ordinal()] instanceof LoraLinear linear) {
          action.accept(linear, layer, site);
        }
      }
    }
  }
}
