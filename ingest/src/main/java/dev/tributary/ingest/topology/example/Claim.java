package dev.tributary.ingest.topology.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.fact.Answer;
import dev.tributary.schemas.fact.Question;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an example says: this is the answer to that question. Two examples make the same claim if
 * adapter, question and answer are the same once they are folded ({@link Question}, {@link
 * Answer}).
 *
 * @param adapter {@code tenant/domain}
 * @param question digest of adapter and folded question, in hexadecimal digits
 * @param answer digest of adapter and folded answer, in hexadecimal digits
 */
public record Claim(String adapter, String question, String answer) {

  /** Cannot occur in an adapter id or a digest. */
  private static final char SEPARATOR = '\0';

  private static final int DIGEST_BYTES = 16;
  private static final double TWO_POW_53 = 0x1p53;

  /** An example without an answer, such as a class, claims the empty one. */
  public static Claim of(TrainingExample example) {
    String adapter = example.getAdapter();
    String answer = example.getCompletion() == null ? "" : example.getCompletion();
    return new Claim(
        adapter, digest(adapter, Question.of(example)), digest(adapter, Answer.fold(answer)));
  }

  /** Names the claim in a store. */
  public String key() {
    return adapter + SEPARATOR + question + SEPARATOR + answer;
  }

  /** Names its question in a store, whatever the answer. */
  public String questionKey() {
    return adapter + SEPARATOR + question;
  }

  /** Names its answer in a store, whatever the question. */
  public String answerKey() {
    return adapter + SEPARATOR + answer;
  }

  /**
   * Spreads questions evenly over 0 (inclusive) to 1 (exclusive): the first 53 bits of the digest.
   */
  public double position() {
    return (Long.parseUnsignedLong(question, 0, Long.BYTES * 2, 16) >>> 11) / TWO_POW_53;
  }

  private static String digest(String adapter, String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((adapter + '\n' + text).getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
