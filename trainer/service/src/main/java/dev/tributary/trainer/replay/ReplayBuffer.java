package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateOutput;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What an adapter remembers of its past examples, to rehearse them beside new ones.
 *
 * <p>Every implementation is bounded in items and bytes, draws all its randomness from a seed, and
 * can be written and read back so that it goes on exactly as if it had not been. One buffer belongs
 * to one adapter and is used by one thread at a time. {@code ReplayBufferContractTest} holds
 * implementations to this.
 */
public interface ReplayBuffer {

  /**
   * Takes note of a new example; whether it is kept, and what gives way to it, is the policy's
   * choice. Kept examples that it {@linkplain TrainingItem#supersedes supersedes} are removed.
   *
   * @return how many kept examples were removed as superseded
   */
  int admit(TrainingItem item);

  /**
   * Whether a different, trusted answer to its fact or question has been admitted that is newer or,
   * if it is not trusted itself, of any age: both at once cannot be learnt.
   */
  boolean isSuperseded(TrainingItem item);

  /**
   * Draws different kept examples, each equally likely; fewer if there are fewer or no more fit.
   *
   * @param count how many at most
   * @param maxTokens how many tokens they may have together
   */
  List<TrainingItem> sample(int count, int maxTokens);

  /**
   * Exchanges kept examples in place: each is as likely to be drawn and to be kept as before. What
   * they say now supersedes as if it had been admitted.
   *
   * @param change gives the example to keep instead, or the same
   */
  void replaceAll(UnaryOperator<TrainingItem> change);

  /** Number of kept examples. */
  int size();

  /** Bytes the buffer accounts for; never above its capacity. */
  long bytes();

  /** The kept examples, in an order of no meaning that is the same for equal buffers. */
  List<TrainingItem> items();

  /** Writes the whole state, randomness included. */
  void write(StateOutput out);
}
