package dev.tributary.app.bench.told;

import java.util.List;

/**
 * A fact of a FAQ.
 *
 * @param subject what it is about; every question names it
 * @param attribute what is asked of the subject
 * @param answer one sentence of 6 to 18 words, given to no other fact
 * @param told questions to tell it with
 * @param retold the same wordings in greetings and closings that no told question has
 * @param untold questions in wordings that are never told of this fact, dressed as the retold ones
 * @param corrections further answers, to correct the first one with
 */
public record FaqFact(
    String subject,
    String attribute,
    String answer,
    List<String> told,
    List<String> retold,
    List<String> untold,
    List<String> corrections) {

  public FaqFact {
    told = List.copyOf(told);
    retold = List.copyOf(retold);
    untold = List.copyOf(untold);
    corrections = List.copyOf(corrections);
  }
}
