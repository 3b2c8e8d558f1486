package dev.tributary.engine.model;

import dev.tributary.engine.kernels.DenseWeight;
import dev.tributary.engine.kernels.DenseWeight.Layout;
import dev.tributary.engine.kernels.Norm;
import dev.tributary.engine.kernels.RotaryTable;
import dev.tributary.engine.kernels.Weight;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A model's weights, or their gradients, found by place instead of by name.
 *
 * @param rotary how positions turn queries and keys, where the family does so; gradients have none
 * @param blocks one for each layer
 * @param finalNorm before the head; an encoder has none
 * @param head {@code [vocabulary, width]}, of a language model; the token embedding itself if tied
 * @param classification of a classifier
 */
public record ModelWeights(
    Embeddings embeddings,
    Optional<RotaryTable> rotary,
    List<Block> blocks,
    Optional<Norm> finalNorm,
    Optional<Weight> head,
    Optional<ClassificationHead> classification) {

  /**
   * What a token becomes first.
   *
   * @param tokens {@code [vocabulary, width]}
   * @param positions {@code [context, width]}, where positions are not turned into queries and keys
   * @param tokenTypes {@code [types, width]}
   * @param norm of the sum
   */
  public record Embeddings(
      TokenTable tokens,
      Optional<Tensor> positions,
      Optional<Tensor> tokenTypes,
      Optional<Norm> norm) {}

  /**
   * A linear layer.
   *
   * @param biasOrNull {@code [1, out]}
   */
  public record Linear(Weight weight, Tensor biasOrNull) {

    /** The weight of a layer under training, or its gradient. */
    public DenseWeight dense() {
      return DenseWeight.of(weight);
    }
  }

  /**
   * The layers of one block.
   *
   * @param linears by {@link LinearModule#index}
   */
  public record Block(Map<NormSite, Norm> norms, List<Linear> linears) {

    public Norm norm(NormSite site) {
      return norms.get(site);
    }

    public Linear linear(LinearModule module) {
      return linears.get(module.index());
    }
  }

  /**
   * From the first token of a sequence to scores of its classes.
   *
   * @param pooler {@code [width, width]}, followed by tanh
   * @param classifier {@code [labels, width]}
   */
  public record ClassificationHead(Linear pooler, Linear classifier) {}

  /** Weights that can be trained: the tensors of {@link ModelLayout#of}. */
  public static ModelWeights of(ModelConfig config, ParameterBlock parameters) {
    return of(
        config,
        name -> new TokenTable.Dense(parameters.get(name)),
        parameters::get,
        (name, layout) -> new DenseWeight(parameters.get(name), layout));
  }

  /** The gradients of such weights, in a block of the same layout. */
  public static ModelWeights gradients(ModelConfig config, ParameterBlock parameters) {
    return new Builder(
            config,
            name -> new TokenTable.Dense(parameters.get(name)),
            parameters::get,
            (name, layout) -> new DenseWeight(parameters.get(name), layout))
        .build(Optional.empty());
  }

  /**
   * @param tables the token embedding of a name, asked for after the head
   * @param tensors the tensor of a name
   * @param matrices the matrix of a linear layer, by name and layout
   */
  static ModelWeights of(
      ModelConfig config,
      Function<String, TokenTable> tables,
      Function<String, Tensor> tensors,
      BiFunction<String, Layout, Weight> matrices) {
    Optional<RotaryTable> rotary =
        config
            .rotary()
            .map(r -> r.frequencies(config.attention().headSize()))
            .map(frequencies -> RotaryTable.of(frequencies, config.contextLength()));
    return new Builder(config, tables, tensors, matrices).build(rotary);
  }

  private record Builder(
      ModelConfig config,
      Function<String, TokenTable> tables,
      Function<String, Tensor> tensors,
      BiFunction<String, Layout, Weight> matrices) {

    ModelWeights build(Optional<RotaryTable> rotary) {
      ModelFamily family = config.family();
      // The largest matrix first: two forms of it are in memory for a moment.
      Optional<Weight> head = head();
      List<Block> blocks = new ArrayList<>();
      for (int layer = 0; layer < config.layers(); layer++) {
        blocks.add(block(layer));
      }
      return new ModelWeights(
          embeddings(),
          rotary,
          List.copyOf(blocks),
          family.isEncoder() ? Optional.empty() : Optional.of(norm(ModelLayout.finalNorm(family))),
          head,
          config.isClassifier() ? Optional.of(classification()) : Optional.empty());
    }

    private Embeddings embeddings() {
      ModelFamily family = config.family();
      return new Embeddings(
          tables.apply(ModelLayout.tokenEmbedding(family)),
          family.hasPositionEmbedding()
              ? Optional.of(tensors.apply(ModelLayout.positionEmbedding(family)))
              : Optional.empty(),
          config.tokenTypes() > 0
              ? Optional.of(tensors.apply(ModelLayout.tokenTypeEmbedding(family)))
              : Optional.empty(),
          family.isEncoder()
              ? Optional.of(norm(ModelLayout.embeddingNorm(family)))
              : Optional.empty());
    }

    private Block block(int layer) {
      ModelFamily family = config.family();
      Map<NormSite, Norm> norms = new EnumMap<>(NormSite.class);
      for (NormSite site : NormSite.values()) {
        boolean ofHeads = site == NormSite.QUERY || site == NormSite.KEY;
        if (!ofHeads || family.hasQueryKeyNorm()) {
          norms.put(site, norm(ModelLayout.norm(family, site, layer)));
        }
      }
      List<Linear> linears =
          config.modules().stream()
              .map(module -> linear(module.name(layer), family.storesInOut(), module.bias()))
              .toList();
      return new Block(norms, linears);
    }

    private Optional<Weight> head() {
      if (config.family().isEncoder()) {
        return Optional.empty();
      }
      String name =
          config.tiedEmbeddings() ? ModelLayout.tokenEmbedding(config.family()) : ModelLayout.HEAD;
      return Optional.of(matrices.apply(name, Layout.OUT_IN));
    }

    private ClassificationHead classification() {
      return new ClassificationHead(
          linear(ModelLayout.pooler(config.family()), false, true),
          new Linear(
              DenseWeight.outIn(tensors.apply(ModelLayout.CLASSIFIER + ".weight")),
              tensors.apply(ModelLayout.CLASSIFIER + ".bias")));
    }

    private Linear linear(String name, boolean inOut, boolean bias) {
      Layout layout = inOut ? Layout.IN_OUT : Layout.OUT_IN;
      return new Linear(
          matrices.apply(name + ".weight", layout), bias ? tensors.apply(name + ".bias") : null);
    }

    private Norm norm(String name) {
      return new Norm(
          tensors.apply(name + ".weight"),
          config.family().hasLayerNorm() ? tensors.apply(name + ".bias") : null,
          config.normEpsilon());
    }
  }
}
