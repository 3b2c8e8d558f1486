package dev.tributary.evaluator.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest trusted answer under each key of one adapter: fact keys, and the questions themselves.
 * What is newest is told by the time an answer came about, so the order in which records are read
 * does not matter. Not thread safe.
 */
final class FactBook {

  private final int maxFacts;
  private final Map<String, Fact> facts = new LinkedHashMap<>();

  /**
   * @param maxFacts keys remembered; beyond that the one learnt first is forgotten
   */
  FactBook(int maxFacts) {
    this.maxFacts = maxFacts;
  }

  /** Takes in what was said; only what is trusted can change what holds. */
  void learn(Statement statement) {
    if (statement.isTrusted()) {
      Fact fact = new Fact(statement.answer(), statement.moment());
      for (String key : statement.keys()) {
        facts.merge(key, fact, Fact::newer);
        if (facts.size() > maxFacts) {
          facts.remove(facts.keySet().iterator().next());
        }
      }
    }
  }

  /** Whether the answer is the one that holds under all its keys now, as far as is known. */
  boolean holds(Statement statement) {
    return statement.keys().stream()
        .map(facts::get)
        .allMatch(fact -> fact == null || fact.answer().equals(statement.answer()));
  }

  private record Fact(String answer, Moment since) {

    Fact newer(Fact other) {
      return other.since.isBefore(since) ? this : other;
    }
  }
}
