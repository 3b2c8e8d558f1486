package dev.tributary.platform.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts that were started, to be closed in the opposite order; one that fails to close does not
 * keep the others open. Safe for any thread.
 */
public final class CloseStack implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(CloseStack.class);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  /**
   * Starts what consists of parts; if that fails half-way, those already started are closed.
   *
   * @param starter pushes every part as it starts it
   */
  public static <T> T start(Function<CloseStack, T> starter) {
    CloseStack parts = new CloseStack();
    try {
      return starter.apply(parts);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /** Adds a part and returns it. */
  public synchronized <T extends AutoCloseable> T push(T part) {
    parts.push(part);
    return part;
  }

  /** Closing twice does nothing. */
  @Override
  public synchronized void close() {
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
      }
    }
  }
}
