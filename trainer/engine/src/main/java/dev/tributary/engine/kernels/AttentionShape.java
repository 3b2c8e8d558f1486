package dev.tributary.engine.kernels;

/**
 * How queries, keys and values stand in one row: {@code heads} queries, {@code keyValueHeads} keys,
 * {@code keyValueHeads} values, each {@code headSize} wide. Query head h looks at key head {@code h
 * * keyValueHeads / heads} (<a href="https://arxiv.org/abs/2305.13245">grouped queries, Ainslie et
 * al. 2023</a>).
 *
 * @param heads a multiple of {@code keyValueHeads}
 * @param causal whether a token sees only itself and those before it, or its whole sequence
 */
public record AttentionShape(int heads, int keyValueHeads, int headSize, boolean causal) {

  /** Width of all queries, and of the attention's output. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Width of all keys; of all values. */
  public int keyValueWidth() {
    return keyValueHeads * headSize;
  }

  /** Width of queries, keys and values. */
  public int width() {
    return queryWidth() + 2 * keyValueWidth();
  }

  /** Column where the keys start. */
  public int keyColumn() {
    return queryWidth();
  }

  /** Column where the values start. */
  public int valueColumn() {
    return queryWidth() + keyValueWidth();
  }

  /** The key and value head that a query head looks at. */
  public int keyValueHead(int head) {
    return head / (heads / keyValueHeads);
  }

  /** What each score is multiplied by. */
  public float scale() {
    return (float) (1 / Math.sqrt(headSize));
  }
}
