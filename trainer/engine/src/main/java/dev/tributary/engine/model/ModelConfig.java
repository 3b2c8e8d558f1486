package dev.tributary.engine.model;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The shape of a transformer.
 *
 * @param family which architecture
 * @param vocabularySize tokens the embedding knows
 * @param contextLength most tokens of one sequence
 * @param width of the residual stream
 * @param layers number of blocks
 * @param attention heads and their size; causal unless an encoder
 * @param innerWidth of the feed-forward layer
 * @param activation inside the feed-forward layer
 * @param normEpsilon added to variances
 * @param rotary how queries and keys are turned, where positions have no embedding
 * @param biases which linear modules have one
 * @param tiedEmbeddings whether the head is the token embedding transposed
 * @param tokenTypes kinds of token with an embedding of their own (BERT's first and second text); 0
 *     for none
 * @param labels the classes of a classifier; 0 for a language model
 */
public record ModelConfig(
    ModelFamily family,
    int vocabularySize,
    int contextLength,
    int width,
    int layers,
    AttentionShape attention,
    int innerWidth,
    Activation activation,
    double normEpsilon,
    Optional<Rotary> rotary,
    Biases biases,
    boolean tiedEmbeddings,
    int tokenTypes,
    int labels) {

  /** Which linear modules of a block have a bias. */
  public record Biases(boolean attentionInput, boolean attentionOutput, boolean mlp) {

    public static final Biases ALL = new Biases(true, true, true);
    public static final Biases NONE = new Biases(false, false, false);

    boolean at(LinearSite site) {
      return switch (site) {
        case ATTENTION_INPUT -> attentionInput;
        case ATTENTION_OUTPUT -> attentionOutput;
        case MLP_INPUT, MLP_OUTPUT -> mlp;
      };
    }
  }

  public ModelConfig {
    requirePositive("vocab_size", vocabularySize);
    requirePositive("max_position_embeddings", contextLength);
    requirePositive("hidden_size", width);
    requirePositive("num_hidden_layers", layers);
    requirePositive("num_attention_heads", attention.heads());
    requirePositive("num_key_value_heads", attention.keyValueHeads());
    requirePositive("head_dim", attention.headSize());
    requirePositive("intermediate_size", innerWidth);
    if (attention.heads() % attention.keyValueHeads() != 0) {
      throw ConfigException.of(
          "num_key_value_heads",
          attention.keyValueHeads(),
          "use a divisor of num_attention_heads = " + attention.heads());
    }
    if (rotary.isPresent() && attention.headSize() % 2 != 0) {
      throw ConfigException.of(
          "head_dim", attention.headSize(), "use an even number: positions turn pairs");
    }
    if (rotary.isPresent() == family.hasPositionEmbedding()) {
      throw ConfigException.of(
          "rope_theta", rotary, "%s %s".formatted(family.modelType(), "fixes how positions enter"));
    }
    if (!(normEpsilon > 0)) {
      throw ConfigException.of("layer_norm_eps", normEpsilon, "use a positive number");
    }
    if (labels == 1 || labels < 0) {
      throw ConfigException.of("num_labels", labels, "a classifier has at least 2 classes");
    }
    if (labels > 0 && !family.isEncoder()) {
      throw ConfigException.of(
          "num_labels", labels, "a %s has no classes; use a bert".formatted(family.modelType()));
    }
  }

  /** A GPT-2 with the family's usual inner width, epsilon and tied head. */
  public static ModelConfig gpt2(
      int vocabularySize, int contextLength, int width, int layers, int heads) {
    if (heads <= 0 || width % heads != 0) {
      throw ConfigException.of("n_head", heads, "use a divisor of n_embd = " + width);
    }
    return new ModelConfig(
        ModelFamily.GPT2,
        vocabularySize,
        contextLength,
        width,
        layers,
        new AttentionShape(heads, heads, width / heads, true),
        4 * width,
        Activation.GELU_TANH,
        1e-5,
        Optional.empty(),
        Biases.ALL,
        true,
        0,
        0);
  }

  /** The family's name in {@code config.json}. */
  public String modelType() {
    return family.modelType();
  }

  /** Whether it tells classes apart instead of predicting tokens. */
  public boolean isClassifier() {
    return labels > 0;
  }

  /**
   * The same model as a classifier of so many classes; the weights of a layer that tells apart
   * another number of them do not fit it.
   */
  public ModelConfig withLabels(int count) {
    return new ModelConfig(
        family,
        vocabularySize,
        contextLength,
        width,
        layers,
        attention,
        innerWidth,
        activation,
        normEpsilon,
        rotary,
        biases,
        tiedEmbeddings,
        tokenTypes,
        count);
  }

  /** Width of what a site gives. */
  public int outputs(LinearSite site) {
    return switch (site) {
      case ATTENTION_INPUT -> attention.width();
      case MLP_INPUT -> family.isGated() ? 2 * innerWidth : innerWidth;
      case ATTENTION_OUTPUT, MLP_OUTPUT -> width;
    };
  }

  /** Width of what a site takes. */
  public int inputs(LinearSite site) {
    return switch (site) {
      case ATTENTION_INPUT, MLP_INPUT -> width;
      case ATTENTION_OUTPUT -> attention.queryWidth();
      case MLP_OUTPUT -> innerWidth;
    };
  }

  /** The linear modules of each block, in the order data flows through them. */
  public List<LinearModule> modules() {
    List<LinearModule> modules = new ArrayList<>();
    for (LinearSite site : LinearSite.values()) {
      int column = 0;
      List<String> names = family.modules(site);
      for (int part = 0; part < names.size(); part++) {
        int outputs = outputs(site, part, names.size());
        modules.add(
            new LinearModule(
                modules.size(),
                site,
                family,
                names.get(part),
                inputs(site),
                outputs,
                column,
                biases.at(site)));
        column += outputs;
      }
    }
    return List.copyOf(modules);
  }

  /** The linear modules of one site, in the order of their outputs. */
  public List<LinearModule> modules(LinearSite site) {
    return modules().stream().filter(module -> module.site() == site).toList();
  }

  private int outputs(LinearSite site, int part, int parts) {
    if (parts == 1) {
      return outputs(site);
    }
    if (site == LinearSite.MLP_INPUT) {
      return innerWidth;
    }
    return part == 0 ? attention.queryWidth() : attention.keyValueWidth();
  }

  private static void requirePositive(String field, int value) {
    if (value <= 0) {
      throw ConfigException.of(field, value, "use a whole number of at least 1");
    }
  }
}
