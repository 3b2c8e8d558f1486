package dev.tributary.trainer.config;

import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.model.ModelConfig;

/**
 * What follows from the base model where the configuration says nothing.
 *
 * <p>The best rate of LoRA falls with the width of the model and hardly depends on anything else;
 * the rule is the one Thinking Machines fitted to fourteen models of the Llama and Qwen families
 * (Schulman et al. 2025, <a href="https://thinkingmachines.ai/blog/lora/">LoRA Without Regret</a>).
 * Rank bounds what an adapter can hold: a narrow model gets the same rank as a wide one, which is a
 * larger share of its weights, because what it is told does not shrink with it.
 *
 * @param r rank
 * @param learningRate constant
 * @param batchTokens new tokens of a micro-batch at most: about as much as two cores learn in
 *     minutes
 * @param ownAnswers questions the base is let make up, to be rehearsed: the more the better it
 *     keeps what it knew, as far as asking it takes seconds, or minutes of a large one
 */
public record AdapterDefaults(int r, double learningRate, int batchTokens, int ownAnswers) {

  private static final int RANK = 16;
  private static final double RATE_AT_2000 = 5e-4;
  private static final double EXPONENT = 0.78;
  private static final double MOST = 4e-3;
  private static final double LEAST = 1e-4;
  private static final double TOKEN_WEIGHTS = 7e11;
  private static final int MOST_TOKENS = 262_144;
  private static final int MOST_OWN_ANSWERS = 768;
  private static final int LEAST_OWN_ANSWERS = 256;
  private static final double ASKED_IN_FULL_WEIGHTS = 1e7;
  private static final double ASKED_EXPONENT = 0.25;

  public static AdapterDefaults of(ModelConfig model) {
    double rate = RATE_AT_2000 * Math.pow(2000.0 / model.width(), EXPONENT);
    long weights = (long) model.vocabularySize() * model.width();
    for (LinearModule module : model.modules()) {
      weights += (long) model.layers() * module.inputs() * module.outputs();
    }
    return new AdapterDefaults(
        RANK,
        Math.clamp(Math.round(rate * 1e5) / 1e5, LEAST, MOST),
        (int) Math.min(MOST_TOKENS, (long) (TOKEN_WEIGHTS / weights)),
        (int)
            Math.clamp(
                MOST_OWN_ANSWERS * Math.pow(ASKED_IN_FULL_WEIGHTS / weights, ASKED_EXPONENT),
                LEAST_OWN_ANSWERS,
                MOST_OWN_ANSWERS));
  }
}
