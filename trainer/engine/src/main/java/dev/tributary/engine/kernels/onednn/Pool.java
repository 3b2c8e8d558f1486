package dev.tributary.engine.kernels.onednn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/**
 * Things that one thread may use at a time and that are costly to make: as many as were ever in use
 * at once. Safe for use by several threads.
 */
final class Pool<T> {

  private final Deque<T> idle = new ArrayDeque<>();
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that nobody else uses; to be given back. */
  T take() {
    T taken;
    synchronized (idle) {
      taken = idle.pollLast();
    }
    return taken == null ? maker.get() : taken;
  }

  void giveBack(T taken) {
    synchronized (idle) {
      idle.addLast(taken);
    }
  }
}
