package dev.tributary.trainer.pack;

import dev.tributary.schemas.fact.Answer;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What an example claims: that this is the answer to this question.
 *
 * @param factKey names the fact, or null
 * @param question folded as {@link dev.tributary.schemas.fact.Question#of}; of one beyond {@value
 *     #MOST_QUESTION} characters the beginning and a digest of all of it
 * @param answer {@link #digest} of the wanted answer
 * @param answerText the start of the wanted answer, to judge how much it tells
 * @param replaces digest of the answer that was given and is corrected; 0 if it corrects none
 * @param trusted whether it may replace what was told before
 */
public record Claim(
    String factKey,
    String question,
    long answer,
    String answerText,
    long replaces,
    boolean trusted) {

  private static final int MOST_QUESTION = 1_000;
  private static final int MOST_ANSWER_TEXT = 64;

  /** A space and up to sixteen hexadecimal digits. */
  private static final int DIGEST_LENGTH = 17;

  public Claim {
    question = shortened(question);
    answerText = cut(answerText, MOST_ANSWER_TEXT);
  }

  /**
   * @param replacedOrNull the answer that was given and is corrected, if any
   */
  public static Claim of(
      String factKey, String question, String answer, String replacedOrNull, boolean trusted) {
    return new Claim(
        factKey,
        question,
        digest(answer),
        answer,
        replacedOrNull == null ? 0 : digest(replacedOrNull),
        trusted);
  }

  /** The first eight bytes of the SHA-256 of the folded answer; never 0. */
  public static long digest(String answer) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(Answer.fold(answer).getBytes(StandardCharsets.UTF_8));
      return Math.max(1, ByteBuffer.wrap(hash).getLong() >>> 1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Whether it corrects an answer that was given. */
  public boolean isCorrection() {
    return replaces != 0;
  }

  /** Whether both speak of one fact by its key or by the very question. */
  public boolean isAbout(Claim other) {
    return factKey != null && factKey.equals(other.factKey) || question.equals(other.question);
  }

  void write(StateOutput out) {
    out.writeNullableString(factKey);
    out.writeString(question);
    out.writeLong(answer);
    out.writeString(answerText);
    out.writeLong(replaces);
    out.writeInt(trusted ? 1 : 0);
  }

  static Claim read(StateInput in) throws IOException {
    return new Claim(
        in.readNullableString(),
        in.readString(),
        in.readLong(),
        in.readString(),
        in.readLong(),
        in.readInt() == 1);
  }

  /** Long questions often begin alike, with the passage that they are about. */
  private static String shortened(String question) {
    return question.length() <= MOST_QUESTION
        ? question
        : cut(question, MOST_QUESTION - DIGEST_LENGTH) + " %016x".formatted(digest(question));
  }

  /** Never between the halves of a surrogate pair: the rest could not be written as UTF-8. */
  private static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most);
  }
}
