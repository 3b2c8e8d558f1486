package dev.tributary.engine.data;

import dev.tributary.engine.tokenizer.SequenceTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.util.Arrays;

/**
 * Turns one text, or two, into a classifier's {@link TokenizedExample}, with the model's own
 * special tokens ({@code [CLS] first [SEP] second [SEP]}) and token types. What is too long is cut
 * at its right, two texts by the rule {@code longest_first} of Hugging Face's tokenizers; special
 * tokens are never cut. Safe for concurrent use.
 */
public final class PairEncoder {

  private final Tokenizer tokenizer;
  private final SequenceTemplate template;
  private final int maxLength;

  /**
   * @param maxLength the most tokens an example may have, the special ones included
   * @throws ConfigException if that leaves no room for a text
   */
  public PairEncoder(Tokenizer tokenizer, int maxLength) {
    this.tokenizer = tokenizer;
    this.template = tokenizer.sequenceTemplate();
    this.maxLength = maxLength;
    int least = template.pair().specialTokens() + 2;
    if (maxLength < least) {
      throw ConfigException.of(
          "max_length", maxLength, "use at least %d: special tokens take room".formatted(least));
    }
  }

  public int maxLength() {
    return maxLength;
  }

  /**
   * @throws BadRecordException {@code empty_text} if the text is blank
   */
  public Encoded single(String text, int classLabel) {
    int[] ids = tokenizer.encode(requireText("text", text));
    int kept = Math.min(ids.length, maxLength - template.single().specialTokens());
    SequenceTemplate.Tokens tokens = template.single().fill(Arrays.copyOf(ids, kept), new int[0]);
    return encoded(tokens, classLabel, kept < ids.length);
  }

  /**
   * @throws BadRecordException {@code empty_text} if one of the texts is blank
   */
  public Encoded pair(String first, String second, int classLabel) {
    int[] a = tokenizer.encode(requireText("text", first));
    int[] b = tokenizer.encode(requireText("text_pair", second));
    int room = maxLength - template.pair().specialTokens();
    if (a.length + b.length <= room) {
      return encoded(template.pair().fill(a, b), classLabel, false);
    }
    int shorter = keptOfShorter(Math.min(a.length, b.length), room);
    int keptA = a.length <= b.length ? shorter : room - shorter;
    return encoded(
        template.pair().fill(Arrays.copyOf(a, keptA), Arrays.copyOf(b, room - keptA)),
        classLabel,
        true);
  }

  /** The longer text gives way until both are of one length; then both are cut to half the room. */
  private static int keptOfShorter(int shorter, int room) {
    return Math.min(shorter, room / 2);
  }

  private static Encoded encoded(SequenceTemplate.Tokens tokens, int label, boolean truncated) {
    return new Encoded(TokenizedExample.classified(tokens.ids(), tokens.types(), label), truncated);
  }

  private static String requireText(String field, String text) {
    if (text.isBlank()) {
      throw new BadRecordException(
          "empty_text", field + ": is blank; give the text to be classified");
    }
    return text;
  }
}
