package dev.tributary.app.bench.told;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What people write round a question.
 *
 * @param greetings before it
 * @param closings after it
 */
record Dressing(List<String> greetings, List<String> closings) {

  /** The question in a greeting and a closing drawn at random. */
  String dress(String question, RandomGenerator random) {
    String greeting = greetings.get(random.nextInt(greetings.size()));
    String closing = closings.get(random.nextInt(closings.size()));
    return greeting + inside(question, greeting) + closing;
  }

  /** After a comma or colon a sentence goes on in small letters, unless it starts with "I". */
  private static String inside(String question, String greeting) {
    boolean goesOn = greeting.endsWith(", ") || greeting.endsWith(": ");
    return goesOn && !question.startsWith("I ")
        ? question.substring(0, 1).toLowerCase(Locale.ROOT) + question.substring(1)
        : question;
  }
}
