package dev.tributary.engine.kernels.vector;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A few threads that share the rows of one operation with its caller. If another caller has them,
 * the operation runs on its own thread alone: every operation here gives the same bytes however its
 * rows are shared out.
 *
 * <p>Waiting threads look for work for some tens of microseconds, about as long as waking one
 * takes, then sleep, so that they leave the cores to others. A caller never waits for one to wake:
 * it does itself what nobody has begun.
 */
public final class Workers {

  /** A part of an operation. */
  @FunctionalInterface
  public interface Task {

    /** Works on indices {@code [from, to)}. */
    void run(int from, int to);
  }

  private static final int SPINS = 2_000;

  /**
   * Elements a thread should have to itself: handing them over takes as long as reading so many.
   */
  public static final long MINIMUM_COST = 1 << 13;

  private final Worker[] workers;
  private final ReentrantLock lock = new ReentrantLock();

  /**
   * @param threads working on one operation, the caller included; at least 1
   */
  Workers(int threads) {
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker();
      Thread thread = new Thread(workers[i], "tributary-kernels-" + (i + 1));
      thread.setDaemon(true);
      workers[i].thread = thread;
      thread.start();
    }
  }

  /** Threads that work on one operation, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Runs a task over {@code [0, count)} and returns when all of it is done.
   *
   * @param cost of one index, in elements touched; small operations are not worth sharing
   */
  public void forEach(int count, long cost, Task task) {
    long worthwhile = Math.min(count, count * cost / MINIMUM_COST);
    int parts = (int) Math.min(workers.length + 1, worthwhile);
    if (parts < 2 || !lock.tryLock()) {
      task.run(0, count);
      return;
    }
    try {
      share(count, parts, task);
    } finally {
      lock.unlock();
    }
  }

  /**
   * {@link #forEach} for indices that differ in cost: whoever is done takes the next one.
   *
   * @param cost of all indices together
   */
  void forEachUneven(int count, long cost, Task task) {
    if (workers.length == 0 || count < 2 || cost < 2 * MINIMUM_COST || !lock.tryLock()) {
      task.run(0, count);
      return;
    }
    try {
      AtomicInteger next = new AtomicInteger();
      Task taking =
          (from, to) -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              task.run(i, i + 1);
            }
          };
      int parts = (int) Math.min(Math.min(count, workers.length + 1), cost / MINIMUM_COST);
      share(parts, parts, taking);
    } finally {
      lock.unlock();
    }
  }

  private void share(int count, int parts, Task task) {
    for (int part = 1; part < parts; part++) {
      workers[part - 1].start(task, bound(count, parts, part), bound(count, parts, part + 1));
    }
    try {
      task.run(0, bound(count, parts, 1));
    } finally {
      for (int part = 1; part < parts; part++) {
        workers[part - 1].await();
      }
    }
    for (int part = 1; part < parts; part++) {
      workers[part - 1].rethrow();
    }
  }

  private static int bound(int count, int parts, int part) {
    return (int) ((long) count * part / parts);
  }

  private static final class Worker implements Runnable {

    private static final int IDLE = 0;
    private static final int OFFERED = 1;
    private static final int TAKEN = 2;

    private final AtomicInteger state = new AtomicInteger(IDLE);
    private Thread thread;
    private volatile Thread caller;
    private Task task;
    private int from;
    private int to;
    private Throwable failure;

    void start(Task newTask, int newFrom, int newTo) {
      task = newTask;
      from = newFrom;
      to = newTo;
      failure = null;
      caller = Thread.currentThread();
      state.set(OFFERED);
      LockSupport.unpark(thread);
    }

    /** Waits for the part to be done; does it if this thread has not begun. */
    void await() {
      if (state.compareAndSet(OFFERED, IDLE)) {
        perform();
        return;
      }
      for (int spins = 0; state.get() == TAKEN; spins++) {
        pause(spins);
      }
    }

    void rethrow() {
      switch (failure) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(failure);
      }
    }

    @Override
    public void run() {
      while (true) {
        for (int spins = 0; !state.compareAndSet(OFFERED, TAKEN); spins++) {
          pause(spins);
        }
        perform();
        Thread waiting = caller;
        state.set(IDLE);
        LockSupport.unpark(waiting);
      }
    }

    private void perform() {
      try {
        task.run(from, to);
      } catch (Throwable e) {
        // Handed to the caller, who rethrows it; a worker's thread must go on.
        failure = e;
      }
      task = null;
    }

    private void pause(int spins) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.park(this);
      }
    }
  }
}
