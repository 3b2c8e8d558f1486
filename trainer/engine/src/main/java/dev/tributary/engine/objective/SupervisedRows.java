package dev.tributary.engine.objective;

/**
 * The rows of a batch's token axis from which something known is predicted, and what: the next
 * token, or the sequence's class. Planned once, refilled for every batch.
 */
public final class SupervisedRows {

  private final int[] rows;
  private final int[] targets;
  private final int[] sequences;
  private int count;

  /**
   * @param maxTokens there is at most one for each token
   */
  public SupervisedRows(int maxTokens) {
    rows = new int[maxTokens];
    targets = new int[maxTokens];
    sequences = new int[maxTokens];
  }

  void clear() {
    count = 0;
  }

  void add(int row, int target, int sequence) {
    rows[count] = row;
    targets[count] = target;
    sequences[count] = sequence;
    count++;
  }

  public int count() {
    return count;
  }

  /** Rows of the token axis. */
  public int[] rows() {
    return rows;
  }

  /** Token or class to predict from each row. */
  public int[] targets() {
    return targets;
  }

  /** Sequence each row belongs to; never falls from one to the next. */
  public int sequence(int index) {
    return sequences[index];
  }
}
