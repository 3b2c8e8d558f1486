package dev.tributary.app.demo.base;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.engine.kernels.AttentionShape;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.Rotary;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;
import java.util.Optional;

/**
 * How a base model is made.
 *
 * @param family its architecture: {@code GPT2} or {@code LLAMA}
 * @param steps optimiser steps
 * @param batchTokens most tokens of one step
 * @param seed of text, weights and order
 * @param vocabularyTexts texts the tokenizer is learnt from; training goes on to further ones
 * @param vocabularySize of the tokenizer
 * @param width of the residual stream
 * @param layers number of blocks
 * @param heads attention heads
 * @param learningRate peak of a cosine schedule
 */
record BaseRecipe(
    ModelFamily family,
    int steps,
    int batchTokens,
    long seed,
    int vocabularyTexts,
    int vocabularySize,
    int width,
    int layers,
    int heads,
    double learningRate) {

  static final int CONTEXT_LENGTH = 256;

  /** Widths inside are multiples of this, so that products fill whole registers. */
  private static final int LANES = 32;

  /** Of the committed model. */
  static BaseRecipe standard() {
    return new BaseRecipe(ModelFamily.GPT2, 700, 2_048, 20_261_124L, 6_000, 1_500, 192, 6, 6, 2e-3);
  }

  /** Of the second model: another width, depth, vocabulary and family. */
  static BaseRecipe second() {
    return new BaseRecipe(
        ModelFamily.LLAMA, 620, 2_048, 20_261_130L, 5_000, 1_200, 160, 5, 4, 3e-3);
  }

  BaseRecipe withSteps(int count) {
    return new BaseRecipe(
        family,
        count,
        batchTokens,
        seed,
        vocabularyTexts,
        vocabularySize,
        width,
        layers,
        heads,
        learningRate);
  }

  ModelConfig model(int actualVocabularySize) {
    return family == ModelFamily.GPT2
        ? ModelConfig.gpt2(actualVocabularySize, CONTEXT_LENGTH, width, layers, heads)
        : llama(actualVocabularySize);
  }

  /** Two heads share keys and values; the inner width gives the parameters of a plain layer. */
  private ModelConfig llama(int actualVocabularySize) {
    return new ModelConfig(
        ModelFamily.LLAMA,
        actualVocabularySize,
        CONTEXT_LENGTH,
        width,
        layers,
        new AttentionShape(heads, heads / 2, width / heads, true),
        8 * width / 3 / LANES * LANES,
        Activation.SILU,
        1e-5,
        Optional.of(Rotary.of(10_000)),
        ModelConfig.Biases.NONE,
        true,
        0,
        0);
  }

  OptimizerConfig optimizer() {
    return new OptimizerConfig(
        learningRate, 0.01, 0.9, 0.98, 1e-8, 1.0, Schedule.COSINE, Math.min(40, steps / 4), steps);
  }
}
