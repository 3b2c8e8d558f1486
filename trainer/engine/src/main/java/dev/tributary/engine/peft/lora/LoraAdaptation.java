package dev.tributary.engine.peft.lora;

import dev.tributary.engine.kernels.DropoutMask;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelWeights.Linear;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.RowBuffer;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;

/**
 * LoRA on the linear modules of a model, unmerged: any number of adapters of one configuration can
 * take turns on the same frozen weights. For one thread.
 */
public final class LoraAdaptation implements Adaptation {

  /** An adapted module of one layer. */
  private record Site(String name, int place, LoraLinear linear) {}

  private final Kernels kernels;
  private final boolean savesClassifier;
  private final LinearAdaptation[][] linears;
  private final List<Site> sites = new ArrayList<>();
  private final int lowestLayer;
  private Linear classifierOrNull;
  private Linear dClassifierOrNull;

  private LoraAdaptation(
      ModelConfig model,
      Kernels kernels,
      TensorArena arena,
      int maxTokens,
      LoraConfig lora,
      double dropout) {
    this.kernels = kernels;
    this.savesClassifier = lora.savesClassifier();
    List<LinearModule> modules = model.modules();
    linears = new LinearAdaptation[model.layers()][modules.size()];
    RowBuffer dHidden = arena.rows(maxTokens, lora.r());
    for (int layer = 0; layer < model.layers(); layer++) {
      for (LinearModule module : modules) {
        linears[layer][module.index()] = LinearAdaptation.NONE;
        if (lora.adapts(module.name(layer))) {
          RowBuffer hidden = arena.rows(maxTokens, lora.r());
          LoraLinear linear = new LoraLinear(kernels, lora.scaling(), dropout, hidden, dHidden);
          linears[layer][module.index()] = linear;
          sites.add(new Site(module.name(layer), layer * modules.size() + module.index(), linear));
        }
      }
    }
    lowestLayer = sites.isEmpty() ? model.layers() : sites.getFirst().place() / modules.size();
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
    ParameterBlock values = adapter.parameters();
    for (Site site : sites) {
      site.linear.values(
          values.get(LoraAdapter.nameOfA(site.name)), values.get(LoraAdapter.nameOfB(site.name)));
    }
    classifierOrNull = savesClassifier ? adapter.classifier() : null;
  }

  /** Where gradients are added, laid out as the adapter. */
  public void collectInto(ParameterBlock gradients) {
    for (Site site : sites) {
      site.linear.gradients(
          gradients.get(LoraAdapter.nameOfA(site.name)),
          gradients.get(LoraAdapter.nameOfB(site.name)));
    }
    dClassifierOrNull = savesClassifier ? LoraAdapter.classifier(gradients) : null;
  }

  /** Chooses what this step drops. */
  public void dropFor(long seed, long step) {
    for (int i = 0; i < sites.size(); i++) {
      Site site = sites.get(i);
      site.linear.dropoutKey(DropoutMask.key(seed, step, site.place));
    }
  }

  @Override
  public int lowestLayer() {
    return lowestLayer;
  }

  @Override
  public LinearAdaptation linear(int layer, LinearModule module) {
    return linears[layer][module.index()];
  }

  @Override
  public Linear classifier(Linear base) {
    return savesClassifier ? classifierOrNull : base;
  }

  @Override
  public void classifierBackward(Tensor x, Tensor dLogits) {
    if (savesClassifier) {
      kernels.linearWeightGradient(1, x, dLogits, dClassifierOrNull.dense());
      kernels.biasGradient(dLogits, dClassifierOrNull.biasOrNull());
    }
  }
}
