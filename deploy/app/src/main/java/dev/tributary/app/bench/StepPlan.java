package dev.tributary.app.bench;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * What each round of the step bench trains on: so many records, in file order, packed into steps of
 * so many tokens.
 *
 * @param rounds the steps of each round; after the last, the first comes again
 */
record StepPlan(List<List<PackedBatch>> rounds) {

  /**
   * @param tokensPerStep most tokens of a step
   * @param recordsPerRound records a round trains on
   * @throws ConfigException if there are not enough records for one round
   */
  static StepPlan of(List<TokenizedExample> examples, int tokensPerStep, int recordsPerRound) {
    List<List<PackedBatch>> rounds = new ArrayList<>();
    for (int from = 0; from + recordsPerRound <= examples.size(); from += recordsPerRound) {
      rounds.add(pack(examples.subList(from, from + recordsPerRound), tokensPerStep));
    }
    if (rounds.isEmpty()) {
      throw ConfigException.of(
          "--records-per-round",
          recordsPerRound,
          "the data has only %d usable records".formatted(examples.size()));
    }
    return new StepPlan(rounds);
  }

  List<PackedBatch> round(int number) {
    return rounds.get(number % rounds.size());
  }

  private static List<PackedBatch> pack(List<TokenizedExample> examples, int tokensPerStep) {
    List<PackedBatch> steps = new ArrayList<>();
    for (TokenizedExample example : examples) {
      if (steps.isEmpty() || !steps.getLast().add(example)) {
        steps.add(new PackedBatch(tokensPerStep, examples.size()));
        steps.getLast().add(example);
      }
    }
    return steps;
  }
}
