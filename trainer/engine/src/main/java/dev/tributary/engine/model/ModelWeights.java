package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;
import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A decoder's weights, or their gradients, found by place instead of by name.
 *
 * @param tokenEmbedding {@code [vocabulary, width]}
 * @param positionEmbedding {@code [context, width]}
 * @param blocks one for each layer
 * @param finalNorm before the head
 * @param head {@code [vocabulary, width]}; the token embedding itself if tied
 */
public record ModelWeights(
    Tensor tokenEmbedding,
    Tensor positionEmbedding,
    List<Block> blocks,
    Norm finalNorm,
    Weight head) {

  private static final String TOKEN_EMBEDDING = "transformer.wte.weight";
  private static final String POSITION_EMBEDDING = "transformer.wpe.weight";
  private static final String FINAL_NORM = "transformer.ln_f";
  private static final String HEAD = "lm_head.weight";

  /** Scale and shift of a normalisation, {@code [1, width]} each. */
  public record Norm(Tensor scale, Tensor shift) {}

  /**
   * A linear layer.
   *
   * @param bias {@code [1, out]}
   */
  public record Linear(Weight weight, Tensor bias) {}

  /** The layers of one block. */
  public record Block(Map<NormSite, Norm> norms, Map<LinearSite, Linear> linears) {

    public Norm norm(NormSite site) {
      return norms.get(site);
    }

    public Linear linear(LinearSite site) {
      return linears.get(site);
    }
  }

  /** Names and shapes of all weights, in the order of the state dictionary. */
  public static ParameterLayout layout(ModelConfig config) {
    ParameterLayout.Builder layout = ParameterLayout.builder();
    layout.add(TOKEN_EMBEDDING, config.vocabularySize(), config.width());
    layout.add(POSITION_EMBEDDING, config.contextLength(), config.width());
    for (int layer = 0; layer < config.layers(); layer++) {
      addNorm(layout, NormSite.ATTENTION.module(layer), config);
      addLinear(layout, LinearSite.ATTENTION_INPUT, layer, config);
      addLinear(layout, LinearSite.ATTENTION_OUTPUT, layer, config);
      addNorm(layout, NormSite.MLP.module(layer), config);
      addLinear(layout, LinearSite.MLP_INPUT, layer, config);
      addLinear(layout, LinearSite.MLP_OUTPUT, layer, config);
    }
    addNorm(layout, FINAL_NORM, config);
    if (!config.tiedEmbeddings()) {
      layout.add(HEAD, config.vocabularySize(), config.width());
    }
    return layout.build();
  }

  /** The tensors of a block laid out by {@link #layout}. */
  public static ModelWeights of(ModelConfig config, ParameterBlock parameters) {
    List<Block> blocks = new ArrayList<>();
    for (int layer = 0; layer < config.layers(); layer++) {
      Map<NormSite, Norm> norms = new EnumMap<>(NormSite.class);
      for (NormSite site : NormSite.values()) {
        norms.put(site, norm(parameters, site.module(layer)));
      }
      Map<LinearSite, Linear> linears = new EnumMap<>(LinearSite.class);
      for (LinearSite site : LinearSite.values()) {
        String module = site.module(layer);
        linears.put(
            site,
            new Linear(
                Weight.inOut(parameters.get(module + ".weight")),
                parameters.get(module + ".bias")));
      }
      blocks.add(new Block(norms, linears));
    }
    Tensor embedding = parameters.get(TOKEN_EMBEDDING);
    return new ModelWeights(
        embedding,
        parameters.get(POSITION_EMBEDDING),
        List.copyOf(blocks),
        norm(parameters, FINAL_NORM),
        Weight.outIn(config.tiedEmbeddings() ? embedding : parameters.get(HEAD)));
  }

  private static Norm norm(ParameterBlock parameters, String module) {
    return new Norm(parameters.get(module + ".weight"), parameters.get(module + ".bias"));
  }

  private static void addNorm(ParameterLayout.Builder layout, String module, ModelConfig config) {
    layout.add(module + ".weight", 1, config.width());
    layout.add(module + ".bias", 1, config.width());
  }

  private static void addLinear(
      ParameterLayout.Builder layout, LinearSite site, int layer, ModelConfig config) {
    String module = site.module(layer);
    layout.add(module + ".weight", site.inputs(config), site.outputs(config));
    layout.add(module + ".bias", 1, site.outputs(config));
  }
}
