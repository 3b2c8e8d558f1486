package dev.tributary.engine.generate;

/**
 * The new tokens of some texts that go through the layers together, text after text. Planned once,
 * refilled for every pass. For one thread.
 */
final class PassTokens {

  private final int[] tokens;
  private final int[] positions;
  private final int[] starts;
  private final int[] past;
  private final int[] lastRows;
  private int sequences;

  PassTokens(int maxTokens, int maxSequences) {
    tokens = new int[maxTokens];
    positions = new int[maxTokens];
    starts = new int[maxSequences + 1];
    past = new int[maxSequences];
    lastRows = new int[maxSequences];
  }

  void clear() {
    sequences = 0;
  }

  /**
   * Adds tokens {@code [from, to)} of a text.
   *
   * @param cached how many of the text went through before
   */
  void add(int cached, int[] text, int from, int to) {
    int row = starts[sequences];
    System.arraycopy(text, from, tokens, row, to - from);
    for (int i = from; i < to; i++) {
      positions[row + i - from] = cached + i - from;
    }
    close(cached, row + to - from);
  }

  /** Adds one token of a text. */
  void add(int cached, int token) {
    int row = starts[sequences];
    tokens[row] = token;
    positions[row] = cached;
    close(cached, row + 1);
  }

  private void close(int cached, int end) {
    past[sequences] = cached;
    lastRows[sequences] = end - 1;
    sequences++;
    starts[sequences] = end;
  }

  int[] tokens() {
    return tokens;
  }

  int[] positions() {
    return positions;
  }

  /** First row of each text, and the row after the last. */
  int[] starts() {
    return starts;
  }

  /** How many tokens of each text went through before. */
  int[] past() {
    return past;
  }

  /** The row of each text's last token. */
  int[] lastRows() {
    return lastRows;
  }

  int sequences() {
    return sequences;
  }

  int count() {
    return starts[sequences];
  }
}
