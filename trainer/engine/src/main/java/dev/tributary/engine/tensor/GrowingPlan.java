package dev.tributary.engine.tensor;

import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory planned for batches of so many tokens, and planned anew, a quarter larger at least, when a
 * batch has more: a surprise costs time, not the run. For one thread.
 *
 * @param <T> what is planned; it may not be used any more once there is a larger one
 */
public final class GrowingPlan<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GrowingPlan.class);

  private final String name;
  private final BiFunction<TensorArena, Integer, T> planner;
  private int maxTokens;
  private TensorArena arena;
  private T planned;
  private int replans;

  /**
   * Plans at once.
   *
   * @param name of what is planned, for the log
   * @param maxTokens most tokens expected in a batch, at least 1
   * @param planner takes all its memory from the arena it is given, for so many tokens
   * @throws OutOfNativeMemoryException if there is not so much memory
   */
  public GrowingPlan(String name, int maxTokens, BiFunction<TensorArena, Integer, T> planner) {
    this.name = name;
    this.planner = planner;
    this.maxTokens = maxTokens;
    plan(maxTokens);
  }

  /**
   * The plan, with room for a batch of so many tokens.
   *
   * @throws OutOfNativeMemoryException if there is not so much memory; smaller batches can go on
   */
  public T forTokens(int tokens) {
    if (tokens > maxTokens) {
      int larger = (int) Math.min(Integer.MAX_VALUE, Math.max(tokens, maxTokens * 5L / 4));
      close();
      plan(larger);
      LOG.info(
          "{}: a batch has {} tokens, memory was planned for {}; planned for {} now, {} MiB",
          name,
          tokens,
          maxTokens,
          larger,
          bytes() >> 20);
      maxTokens = larger;
      replans++;
    } else if (planned == null) {
      plan(maxTokens);
    }
    return planned;
  }

  /** Most tokens a batch can have before memory is planned anew. */
  public int maxTokens() {
    return maxTokens;
  }

  /** How often a batch had more tokens than planned. */
  public int replans() {
    return replans;
  }

  /** Bytes of native memory handed out for the plan. */
  public long bytes() {
    return arena.bytes();
  }

  private void plan(int tokens) {
    arena = TensorArena.scoped();
    try {
      planned = planner.apply(arena, tokens);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Frees the memory. */
  @Override
  public void close() {
    planned = null;
    if (arena != null) {
      arena.close();
      arena = null;
    }
  }
}
