package dev.tributary.engine.data;

import java.util.List;

/**
 * A micro-batch as one flat token axis: sequences stand one after another, without padding, and
 * {@link #sequenceStarts()} says where each begins. Attention never crosses such a boundary, and
 * positions start at zero in every sequence.
 *
 * <p>The arrays are planned once, for a maximum of tokens and sequences, and reused: {@link
 * #clear()} and {@link #add} allocate nothing. So they may be longer than the batch; only the first
 * {@link #tokenCount()} entries count ({@link #sequenceCount()} + 1 of the starts). Confined to one
 * thread at a time.
 */
public final class PackedBatch {

  private final int[] tokens;
  private final int[] positions;
  private final int[] labels;
  private final int[] tokenTypes;
  private final int[] sequenceStarts;
  private final int[] classLabels;
  private int tokenCount;
  private int sequenceCount;
  private int supervisedCount;

  /** An empty batch with room for so many tokens in so many sequences. */
  public PackedBatch(int maxTokens, int maxSequences) {
    if (maxTokens < 1 || maxSequences < 1) {
      throw new IllegalArgumentException(
          "a batch needs room: %d tokens, %d sequences".formatted(maxTokens, maxSequences));
    }
    tokens = new int[maxTokens];
    positions = new int[maxTokens];
    labels = new int[maxTokens];
    tokenTypes = new int[maxTokens];
    sequenceStarts = new int[maxSequences + 1];
    classLabels = new int[maxSequences];
  }

  /** A batch of exactly these examples, in this order. */
  public static PackedBatch of(List<TokenizedExample> examples) {
    int total = examples.stream().mapToInt(TokenizedExample::length).reduce(0, Math::addExact);
    var batch = new PackedBatch(Math.max(1, total), Math.max(1, examples.size()));
    examples.forEach(batch::add);
    return batch;
  }

  /**
   * Appends a sequence.
   *
   * @return false, with the batch unchanged, if there is no room left for it
   */
  public boolean add(TokenizedExample example) {
    return append(
        example.inputIds(),
        example.labels(),
        example.tokenTypes(),
        0,
        example.length(),
        example.classLabel());
  }

  /** Appends a sequence of another batch; as {@link #add}. */
  public boolean addFrom(PackedBatch other, int sequence) {
    int from = other.sequenceStarts[sequence];
    return append(
        other.tokens,
        other.labels,
        other.tokenTypes,
        from,
        other.sequenceStarts[sequence + 1] - from,
        other.classLabels[sequence]);
  }

  private boolean append(
      int[] newTokens, int[] newLabels, int[] newTypes, int from, int length, int classLabel) {
    if (length > tokens.length - tokenCount || sequenceCount == maxSequences()) {
      return false;
    }
    System.arraycopy(newTokens, from, tokens, tokenCount, length);
    System.arraycopy(newLabels, from, labels, tokenCount, length);
    System.arraycopy(newTypes, from, tokenTypes, tokenCount, length);
    for (int i = 0; i < length; i++) {
      positions[tokenCount + i] = i;
      if (i > 0 && newLabels[from + i] != TokenizedExample.IGNORED) {
        supervisedCount++;
      }
    }
    if (classLabel != TokenizedExample.IGNORED) {
      supervisedCount++;
    }
    tokenCount += length;
    classLabels[sequenceCount] = classLabel;
    sequenceStarts[++sequenceCount] = tokenCount;
    return true;
  }

  public void clear() {
    tokenCount = 0;
    sequenceCount = 0;
    supervisedCount = 0;
  }

  /** Token ids, {@code [tokens]}. */
  public int[] tokens() {
    return tokens;
  }

  /** The place of each token in its own sequence, from zero, {@code [tokens]}. */
  public int[] positions() {
    return positions;
  }

  /**
   * The label of each token, {@code [tokens]}, not shifted (see {@link TokenizedExample}): the
   * logits at {@code t} are compared with {@code labels[t + 1]}, if {@code t + 1} lies in the same
   * sequence.
   */
  public int[] labels() {
    return labels;
  }

  /** BERT's kind of each token, 0 or 1, {@code [tokens]}. */
  public int[] tokenTypes() {
    return tokenTypes;
  }

  /**
   * The class of each sequence, {@code [sequences]}, or {@link TokenizedExample#IGNORED} if it has
   * none.
   */
  public int[] classLabels() {
    return classLabels;
  }

  /** Where each sequence starts, {@code [sequences + 1]}; the last entry is the token count. */
  public int[] sequenceStarts() {
    return sequenceStarts;
  }

  public int tokenCount() {
    return tokenCount;
  }

  public int sequenceCount() {
    return sequenceCount;
  }

  /**
   * Over how many predictions the loss is taken: labelled tokens, of which the first of each
   * sequence has nothing to be predicted from and never counts, and classes of sequences.
   */
  public int supervisedCount() {
    return supervisedCount;
  }

  public int maxTokens() {
    return tokens.length;
  }

  public int maxSequences() {
    return sequenceStarts.length - 1;
  }

  public boolean isEmpty() {
    return sequenceCount == 0;
  }
}
