package dev.tributary.engine.model;

import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.ParameterLayout;

/** Names and shapes of all weights of a model, as Hugging Face's state dictionaries have them. */
public final class ModelLayout {

  private final ModelConfig config;
  private final ModelFamily family;
  private final ParameterLayout.Builder layout = ParameterLayout.builder();

  private ModelLayout(ModelConfig config) {
    this.config = config;
    this.family = config.family();
  }

  /** In the order data flows through them. */
  public static ParameterLayout of(ModelConfig config) {
    return new ModelLayout(config).build();
  }

  /** All weights, as float32, on memory of their own. */
  public static ParameterBlock read(ModelConfig config, WeightSource source) {
    ParameterBlock parameters = ParameterBlock.zeros(of(config));
    parameters.tensors().forEach(source::read);
    return parameters;
  }

  static String tokenEmbedding(ModelFamily family) {
    return family.bodyPrefix()
        + switch (family) {
          case GPT2 -> "wte.weight";
          case BERT -> "embeddings.word_embeddings.weight";
          default -> "embed_tokens.weight";
        };
  }

  static String positionEmbedding(ModelFamily family) {
    return family.bodyPrefix()
        + (family.isEncoder() ? "embeddings.position_embeddings.weight" : "wpe.weight");
  }

  static String tokenTypeEmbedding(ModelFamily family) {
    return family.bodyPrefix() + "embeddings.token_type_embeddings.weight";
  }

  static String embeddingNorm(ModelFamily family) {
    return family.bodyPrefix() + "embeddings.LayerNorm";
  }

  static String finalNorm(ModelFamily family) {
    return family.bodyPrefix() + (family == ModelFamily.GPT2 ? "ln_f" : "norm");
  }

  static String norm(ModelFamily family, NormSite site, int layer) {
    return family.block(layer) + family.norm(site);
  }

  static String pooler(ModelFamily family) {
    return family.bodyPrefix() + "pooler.dense";
  }

  /** The linear layer that tells classes apart. */
  public static final String CLASSIFIER = "classifier";

  static final String HEAD = "lm_head.weight";

  private ParameterLayout build() {
    layout.add(tokenEmbedding(family), config.vocabularySize(), config.width());
    if (family.hasPositionEmbedding()) {
      layout.add(positionEmbedding(family), config.contextLength(), config.width());
    }
    if (config.tokenTypes() > 0) {
      layout.add(tokenTypeEmbedding(family), config.tokenTypes(), config.width());
    }
    if (family.isEncoder()) {
      norm(embeddingNorm(family), config.width());
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      block(layer);
    }
    if (!family.isEncoder()) {
      norm(finalNorm(family), config.width());
    }
    head();
    return layout.build();
  }

  private void block(int layer) {
    boolean normsAfter = family.isEncoder();
    if (!normsAfter) {
      norm(norm(family, NormSite.ATTENTION, layer), config.width());
    }
    linears(LinearSite.ATTENTION_INPUT, layer);
    if (family.hasQueryKeyNorm()) {
      norm(norm(family, NormSite.QUERY, layer), config.attention().headSize());
      norm(norm(family, NormSite.KEY, layer), config.attention().headSize());
    }
    linears(LinearSite.ATTENTION_OUTPUT, layer);
    norm(norm(family, normsAfter ? NormSite.ATTENTION : NormSite.MLP, layer), config.width());
    linears(LinearSite.MLP_INPUT, layer);
    linears(LinearSite.MLP_OUTPUT, layer);
    if (normsAfter) {
      norm(norm(family, NormSite.MLP, layer), config.width());
    }
  }

  private void head() {
    if (config.isClassifier()) {
      layout.add(pooler(family) + ".weight", config.width(), config.width());
      layout.add(pooler(family) + ".bias", 1, config.width());
      layout.add(CLASSIFIER + ".weight", config.labels(), config.width());
      layout.add(CLASSIFIER + ".bias", 1, config.labels());
    } else if (!family.isEncoder() && !config.tiedEmbeddings()) {
      layout.add(HEAD, config.vocabularySize(), config.width());
    }
  }

  private void norm(String name, int group) {
    layout.add(name + ".weight", 1, group);
    if (family.hasLayerNorm()) {
      layout.add(name + ".bias", 1, group);
    }
  }

  private void linears(LinearSite site, int layer) {
    config.modules(site).forEach(module -> linear(module, layer));
  }

  private void linear(LinearModule module, int layer) {
    String name = module.name(layer);
    if (family.storesInOut()) {
      layout.add(name + ".weight", module.inputs(), module.outputs());
    } else {
      layout.add(name + ".weight", module.outputs(), module.inputs());
    }
    if (module.bias()) {
      layout.add(name + ".bias", 1, module.outputs());
    }
  }
}
