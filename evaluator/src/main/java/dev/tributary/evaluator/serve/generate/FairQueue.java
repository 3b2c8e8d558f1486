package dev.tributary.evaluator.serve.generate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bounded queue that takes turns between keys, so that one adapter's burst cannot starve the
 * others: each key has its own line, and the lines are served round-robin. Safe for any number of
 * threads.
 *
 * @param <K> whose turn it is, such as an adapter
 * @param <T> what waits
 */
final class FairQueue<K, T> {

  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Map<K, Deque<T>> lines = new LinkedHashMap<>();
  private int size;
  private boolean closed;

  /**
   * @param capacity most elements waiting at once, over all keys; at least 1
   */
  FairQueue(int capacity) {
    this.capacity = capacity;
  }

  /** Joins the key's line; false if the queue is full or closed. */
  boolean offer(K key, T element) {
    lock.lock();
    try {
      if (closed || size >= capacity) {
        return false;
      }
      lines.computeIfAbsent(key, k -> new ArrayDeque<>()).add(element);
      size++;
      notEmpty.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next element; empty once the queue is closed and nothing is left. */
  Optional<T> take() throws InterruptedException {
    lock.lock();
    try {
      while (size == 0) {
        if (closed) {
          return Optional.empty();
        }
        notEmpty.await();
      }
      return Optional.of(next());
    } finally {
      lock.unlock();
    }
  }

  /** The next element; empty if none waits. */
  Optional<T> poll() {
    lock.lock();
    try {
      return size == 0 ? Optional.empty() : Optional.of(next());
    } finally {
      lock.unlock();
    }
  }

  private T next() {
    K key = lines.keySet().iterator().next();
    Deque<T> line = lines.remove(key);
    T element = line.remove();
    if (!line.isEmpty()) {
      lines.put(key, line);
    }
    size--;
    return element;
  }

  int size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /** Lets no one join any more; those waiting are still served. */
  void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
