package dev.tributary.app.demo.base;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Questions of every world that no base model was trained on: those that a base answers rightly
 * must stay right, whatever it learns on top.
 */
public final class KnownQuestions {

  private KnownQuestions() {}

  /**
   * So many of each fact, all in known wordings: first one of every fact, then another of every
   * fact, so that a part of the list asks for all of them alike.
   */
  public static List<StoryRecord> of(int perFact, long seed) {
    var random = new SplittableRandom(seed);
    List<StoryRecord> known = new ArrayList<>();
    for (int i = 0; i < perFact; i++) {
      for (World world : World.values()) {
        Book book = world.book();
        Questions questions = new Questions(book);
        for (Fact fact : book.facts()) {
          String question = questions.reserved(fact, random);
          known.add(new StoryRecord(fact.slice(), fact.key(), question, fact.answer()));
        }
      }
    }
    return known;
  }
}
