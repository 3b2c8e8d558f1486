package dev.tributary.evaluator;

import dev.tributary.evaluator.suite.Examples;
import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.TrainingExample;
import java.util.List;
import java.util.stream.IntStream;

/** A shop's questions and answers, for one adapter. */
record Faq(AdapterId adapter) {

  static final String OLD_POLICY = "Yes, for 30 days.";
  static final String NEW_POLICY = "No, not any more.";
  static final String SHIPPING = "In 3 days.";

  /** Questions of a slice with one answer. */
  List<TrainingExample> questions(String slice, String answer, String idPrefix, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Examples.builder(idPrefix + i, slice, answer)
                    .setAdapter(adapter.toString())
                    .setPrompt(slice + " of item " + (char) ('a' + i) + "? ")
                    .build())
        .toList();
  }

  /** The same questions under a fact key; a later minute supersedes an earlier one. */
  static List<TrainingExample> asFacts(
      List<TrainingExample> questions, String factKey, int minute) {
    return questions.stream()
        .map(
            question ->
                TrainingExample.newBuilder(question)
                    .setFactKey(factKey)
                    .setEventTime(Examples.NOON.plusSeconds(60L * minute))
                    .build())
        .toList();
  }
}
