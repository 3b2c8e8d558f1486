package dev.tributary.app.demo.base;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.optimizer.Schedule;

/**
 * How the demonstration's base model is made; the defaults are those of the committed one.
 *
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

  static BaseRecipe standard() {
    return new BaseRecipe(700, 2_048, 20_261_124L, 6_000, 1_500, 192, 6, 6, 2e-3);
  }

  BaseRecipe withSteps(int count) {
    return new BaseRecipe(
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
    return ModelConfig.gpt2(actualVocabularySize, CONTEXT_LENGTH, width, layers, heads);
  }

  OptimizerConfig optimizer() {
    return new OptimizerConfig(
        learningRate, 0.01, 0.9, 0.98, 1e-8, 1.0, Schedule.COSINE, Math.min(40, steps / 4), steps);
  }
}
