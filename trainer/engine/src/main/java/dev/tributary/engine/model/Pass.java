package dev.tributary.engine.model;

/**
 * What every block needs to know of the tokens on their way through. One for each {@link
 * Transformer}, refilled for every pass.
 */
final class Pass {

  private int n;
  private int[] positions;
  private AttentionPattern attention;
  private Adaptation adaptation;

  void fill(int tokens, int[] newPositions, AttentionPattern pattern, Adaptation method) {
    n = tokens;
    positions = newPositions;
    attention = pattern;
    adaptation = method;
  }

  /** How many tokens. */
  int n() {
    return n;
  }

  /** Place of each token in its sequence. */
  int[] positions() {
    return positions;
  }

  AttentionPattern attention() {
    return attention;
  }

  Adaptation adaptation() {
    return adaptation;
  }
}
