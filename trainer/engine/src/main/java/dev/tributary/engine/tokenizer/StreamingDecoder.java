package dev.tributary.engine.tokenizer;

import java.util.Arrays;

/**
 * Turns ids into text one by one, and never shows half a character: with byte-level tokens an emoji
 * may be spread over four of them, so text is held back while it ends in an incomplete sequence.
 * Confined to one thread; one for each answer.
 */
public final class StreamingDecoder {

  private static final char REPLACEMENT = '\uFFFD';

  /**
   * A character has at most four bytes; a longer wait means the bytes are no UTF-8 at all and are
   * shown as such.
   */
  private static final int LONGEST_WAIT = 8;

  private final Tokenizer tokenizer;
  private int[] ids = new int[32];
  private int count;

  /**
   * Tokens before this one are only context: some decoders treat the first token of a text
   * differently.
   */
  private int contextStart;

  /** Tokens before this one have been shown. */
  private int shown;

  StreamingDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * @return the text that has become certain, often one word, or empty
   */
  public String accept(int id) {
    if (count == ids.length) {
      compact();
    }
    ids[count++] = id;
    String before = tokenizer.decode(ids, contextStart, shown);
    String now = tokenizer.decode(ids, contextStart, count);
    boolean complete =
        now.length() > before.length() && now.charAt(now.length() - 1) != REPLACEMENT;
    if (!complete && count - shown < LONGEST_WAIT) {
      return "";
    }
    contextStart = shown;
    shown = count;
    return now.substring(Math.min(before.length(), now.length()));
  }

  /** What is still held back at the end of the answer; incomplete bytes come out as U+FFFD. */
  public String finish() {
    String before = tokenizer.decode(ids, contextStart, shown);
    String now = tokenizer.decode(ids, contextStart, count);
    contextStart = shown;
    shown = count;
    return now.substring(Math.min(before.length(), now.length()));
  }

  private void compact() {
    int kept = count - contextStart;
    int[] target = kept * 2 > ids.length ? new int[ids.length * 2] : ids;
    System.arraycopy(ids, contextStart, target, 0, kept);
    ids = Arrays.copyOf(target, target.length);
    count = kept;
    shown -= contextStart;
    contextStart = 0;
  }
}
