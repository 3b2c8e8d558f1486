package dev.tributary.evaluator.suite;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The newest known answer under each fact key of one adapter. What is newest is told by the time an
 * answer came about, so the order in which records are read does not matter. Not thread safe.
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

  /**
   * Takes in an answer. Returns whether it changed what holds under the key: then older answers are
   * superseded.
   */
  boolean learn(String key, String answer, Instant since) {
    Fact known = facts.get(key);
    Fact fact = new Fact(normalize(answer), since);
    if (known == null) {
      facts.put(key, fact);
      forgetBeyondLimit();
      return false;
    }
    if (since.isBefore(known.since())) {
      return false;
    }
    facts.put(key, fact);
    return !known.answer().equals(fact.answer());
  }

  /** Whether this answer is the one that holds under the key now, as far as is known. */
  boolean holds(String key, String answer) {
    Fact known = facts.get(key);
    return known == null || known.answer().equals(normalize(answer));
  }

  /** Answers that differ in case or white space only are the same answer. */
  private static String normalize(String answer) {
    return answer.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT);
  }

  private void forgetBeyondLimit() {
    if (facts.size() > maxFacts) {
      facts.remove(facts.keySet().iterator().next());
    }
  }

  private record Fact(String answer, Instant since) {}
}
