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

  /** Similarity from which on two questions with different answers contradict each other. */
  private static final double CONTRADICTS = 0.5;

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
      split(question).forEach(word -> questionsWith.merge(word, 1, Integer::sum));
    }
    questions = known.size();
  }

  /**
   * A question cut into words.
   *
   * @param weight of all words together
   */
  public record Words(Set<String> words, double weight) {}

  /** For {@link #similarity}, so that a question that is compared often is cut once. */
  public Words words(String question) {
    Set<String> words = split(question);
    return new Words(words, words.stream().mapToDouble(this::weight).sum());
  }

  /** 0 for no word in common, 1 for the same words. */
  public double similarity(Words one, Words other) {
    double common = 0;
    for (String word : one.words) {
      if (other.words.contains(word)) {
        common += weight(word);
      }
    }
    return common / Math.sqrt(one.weight * other.weight);
  }

  /**
   * Whether two questions are so alike that they cannot have different answers: for want of a key,
   * or of a former answer, that would say so.
   */
  public boolean areAlike(Words one, Words other) {
    return similarity(one, other) >= CONTRADICTS;
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
    double least = isTelling(answer) ? LINK : NEARLY_THE_SAME;
    List<Words> others = sameAnswer.stream().map(this::words).toList();
    Set<Integer> linked = new LinkedHashSet<>();
    Deque<Words> frontier = new ArrayDeque<>(List.of(words(question)));
    while (!frontier.isEmpty()) {
      Words from = frontier.remove();
      for (int i = 0; i < others.size(); i++) {
        if (!linked.contains(i) && similarity(from, others.get(i)) >= least) {
          linked.add(i);
          frontier.add(others.get(i));
        }
      }
    }
    return linked;
  }

  /** Whether an answer has so many words that it is likely no other fact's answer too. */
  public static boolean isTelling(String answer) {
    return split(Question.fold(answer)).size() >= TELLING_WORDS;
  }

  /** A word that no known question has is as rare as one that a single one has. */
  private double weight(String word) {
    int with = questionsWith.getOrDefault(word, 1);
    return Math.log(1 + (double) Math.max(1, questions) / with);
  }

  private static Set<String> split(String question) {
    // Sorted, so that sums are taken in one order: the last bit must not depend on a hash.
    return new TreeSet<>(List.of(question.split(" ")));
  }
}
