package dev.tributary.engine.objective;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;

/**
 * The positions of a batch that are compared with a label: position t predicts the label of t + 1
 * of the same sequence. Planned once, refilled for every batch.
 */
public final class SupervisedTokens {

  private final int[] rows;
  private final int[] targets;
  private final int[] sequences;
  private int count;

  public SupervisedTokens(int maxTokens) {
    rows = new int[maxTokens];
    targets = new int[maxTokens];
    sequences = new int[maxTokens];
  }

  /** Takes the supervised positions of a batch, in order. */
  public void select(PackedBatch batch) {
    count = 0;
    int[] labels = batch.labels();
    int[] starts = batch.sequenceStarts();
    for (int s = 0; s < batch.sequenceCount(); s++) {
      for (int t = starts[s]; t + 1 < starts[s + 1]; t++) {
        if (labels[t + 1] != TokenizedExample.IGNORED) {
          rows[count] = t;
          targets[count] = labels[t + 1];
          sequences[count] = s;
          count++;
        }
      }
    }
  }

  public int count() {
    return count;
  }

  /** Row of each position on the token axis. */
  public int[] rows() {
    return rows;
  }

  /** Token to predict at each position. */
  public int[] targets() {
    return targets;
  }

  /** Sequence each position belongs to. */
  public int sequence(int index) {
    return sequences[index];
  }
}
