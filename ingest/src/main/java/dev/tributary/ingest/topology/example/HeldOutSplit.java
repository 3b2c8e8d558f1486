package dev.tributary.ingest.topology.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.TrainingExample;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which questions are measured on and never trained on. The decision is a function of
 * adapter and question alone, so that all examples of a question land on the same side, at every
 * instance and after every restart. Case, punctuation, white space, system turns and the form of
 * the prompt do not make it another question.
 */
public final class HeldOutSplit {

  private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");
  private static final double TWO_POW_53 = 0x1p53;

  private final double share;

  /**
   * @param share of the questions to hold out, 0 to 1
   */
  public HeldOutSplit(double share) {
    this.share = share;
  }

  public boolean isHeldOut(TrainingExample example) {
    return position(example.getAdapter() + '\n' + question(example)) < share;
  }

  /**
   * Spreads texts evenly over 0 (inclusive) to 1 (exclusive): the first 53 bits of their SHA-256.
   */
  private static double position(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> 11) / TWO_POW_53;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String question(TrainingExample example) {
    String text =
        example.getPrompt() != null
            ? example.getPrompt()
            : example.getMessages().stream()
                .filter(message -> !message.getRole().equals("system"))
                .map(ChatMessage::getContent)
                .collect(Collectors.joining(" "));
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String words = NOT_WORD.matcher(folded).replaceAll(" ").strip();
    // A question of symbols alone would otherwise be the same as every other such question.
    return words.isEmpty() ? folded.strip() : words;
  }
}
