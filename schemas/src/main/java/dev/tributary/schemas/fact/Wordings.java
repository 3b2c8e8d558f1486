package dev.tributary.schemas.fact;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Tells which questions ask for the same fact as a given one, among questions that had the same
 * answer. Nobody says so in a correction: staff correct one answer to one wording, and the customer
 * who asks in another wording must not get the old one.
 *
 * <p>The same answer alone is not enough ("Yes.", "Please call us."), nor are shared words alone.
 * So a question counts if it had the same answer <em>and</em> is linked to the given one by words,
 * directly or through other such questions (single linkage): the cosine of two questions' word
 * sets, where a word weighs by how few of all known questions have it (inverse document frequency,
 * Spärck Jones 1972), is at least {@value #LINK}. An answer of fewer than {@value #TELLING_WORDS}
 * words tells too little ("Yes." to Norway and to Spain): then the questions must be nearly the
 * same, at least {@value #NEARLY_THE_SAME}. A function of its arguments alone; order does not
 * matter.
 */
public final class Wordings {

  /** Least cosine that links two questions with the same answer. */
  static final double LINK = 0.25;

  /** Least cosine where the answer tells little. */
  static final double NEARLY_THE_SAME = 0.8;

  /** Words of an answer that is likely no other fact's answer too. */
  static final int TELLING_WORDS = 4;

  private final Map<String, Integer> questionsWith = new HashMap<>();
  private final int questions;

  /**
   * @param known all questions there are, folded as {@link Question#of}: they tell rare words from
   *     common ones
   */
  public Wordings(Collection<String> known) {
    for (String question : known) {
      words(question).forEach(word -> questionsWith.merge(word, 1, Integer::sum));
    }
    questions = known.size();
  }

  /**
   * The places of the questions that ask for the same as the given one.
   *
   * @param question folded
   * @param answer what they were all answered
   * @param sameAnswer folded questions whose answer was the same
   * @return in no order of meaning
   */
  public Set<Integer> of(String question, String answer, List<String> sameAnswer) {
    double least = words(Question.fold(answer)).size() < TELLING_WORDS ? NEARLY_THE_SAME : LINK;
    List<Set<String>> words = sameAnswer.stream().map(Wordings::words).toList();
    Set<Integer> linked = new LinkedHashSet<>();
    Deque<Set<String>> frontier = new ArrayDeque<>(List.of(words(question)));
    while (!frontier.isEmpty()) {
      Set<String> from = frontier.remove();
      for (int i = 0; i < words.size(); i++) {
        if (!linked.contains(i) && cosine(from, words.get(i)) >= least) {
          linked.add(i);
          frontier.add(words.get(i));
        }
      }
    }
    return linked;
  }

  /** 0 to 1. */
  double cosine(Set<String> one, Set<String> other) {
    if (one.equals(other)) {
      return 1;
    }
    double common = 0;
    for (String word : one) {
      if (other.contains(word)) {
        common += weight(word);
      }
    }
    double norm = Math.sqrt(total(one) * total(other));
    return norm == 0 ? 0 : common / norm;
  }

  private double total(Set<String> words) {
    return words.stream().mapToDouble(this::weight).sum();
  }

  /** A word that no known question has is as rare as one that a single one has. */
  private double weight(String word) {
    int with = Math.max(1, questionsWith.getOrDefault(word, 1));
    return Math.log(1 + (double) Math.max(1, questions) / with);
  }

  private static Set<String> words(String question) {
    // Sorted, so that sums are taken in one order: the last bit must not depend on a hash.
    return new TreeSet<>(List.of(question.split(" ")));
  }
}
