package dev.tributary.platform.http;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory for request bodies, shared by all connections, so that many large uploads at once cannot
 * exhaust the heap.
 */
final class BodyBudget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /**
   * @param limit bytes
   */
  BodyBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Takes bytes out of the budget until the lease is closed.
   *
   * @throws HttpException 503 with {@code Retry-After} when they are not there
   */
  void take(Lease lease, int bytes) {
    if (used.addAndGet(bytes) > limit) {
      used.addAndGet(-bytes);
      throw HttpException.unavailable(
          "too many large requests at once; send this one again", Duration.ofSeconds(1));
    }
    lease.bytes += bytes;
  }

  Lease lease() {
    return new Lease();
  }

  /** What one request holds. For one thread. */
  final class Lease implements AutoCloseable {

    private long bytes;

    private Lease() {}

    @Override
    public void close() {
      used.addAndGet(-bytes);
      bytes = 0;
    }
  }
}
