package dev.tributary.trainer.testing;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.schemas.fact.Question;
import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;

/**
 * Builds training items. Unless said otherwise they are trusted, about nothing else in the world,
 * all of the same time, and have one token a letter.
 */
public final class Told {

  private final long offset;
  private String id;
  private String slice = "default";
  private String factKey;
  private String question;
  private String answer = "answer";
  private String given;
  private boolean trusted = true;
  private long eventTime = 1_000;
  private long timestamp;
  private TokenizedExample tokens;

  private Told(long offset) {
    this.offset = offset;
    this.id = "e" + offset;
    this.question = "question " + offset;
    this.timestamp = offset;
  }

  public static Told at(long offset) {
    return new Told(offset);
  }

  public Told id(String value) {
    id = value;
    return this;
  }

  public Told slice(String value) {
    slice = value;
    return this;
  }

  public Told fact(String key) {
    factKey = key;
    return this;
  }

  public Told asked(String value) {
    question = value;
    return this;
  }

  public Told answer(String value) {
    answer = value;
    return this;
  }

  /** It corrects this answer. */
  public Told insteadOf(String value) {
    given = value;
    return this;
  }

  public Told untrusted() {
    trusted = false;
    return this;
  }

  public Told time(long value) {
    eventTime = value;
    return this;
  }

  /** Log-append time. */
  public Told appended(long value) {
    timestamp = value;
    return this;
  }

  /** So many tokens, all supervised. */
  public Told tokens(int count) {
    tokens = TokenizedExample.text(new int[count]);
    return this;
  }

  public TrainingItem item() {
    return new TrainingItem(
        id,
        "r" + offset,
        offset,
        timestamp,
        slice,
        Claim.of(factKey, Question.fold(question), answer, given, trusted),
        eventTime,
        0,
        1,
        tokens == null
            ? TokenizedExample.completion(question.chars().toArray(), answer.chars().toArray())
            : tokens);
  }
}
