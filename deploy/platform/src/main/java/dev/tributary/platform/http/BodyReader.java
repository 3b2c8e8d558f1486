package dev.tributary.platform.http;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads a request's body into memory, blocking a virtual thread, within three bounds: the route's
 * size limit, the memory all requests share, and a minimum rate that ends uploads which trickle in
 * to hold a connection.
 */
final class BodyReader {

  /** Time before the minimum rate counts, for slow starts and small bodies. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** How long a sender that never lets the buffer run empty is read from beyond the limit. */
  private static final long MAX_BUSY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final BodyBudget budget;
  private final int minBytesPerSecond;

  BodyReader(BodyBudget budget, int minBytesPerSecond) {
    this.budget = budget;
    this.minBytesPerSecond = minBytesPerSecond;
  }

  /**
   * The body as sent.
   *
   * @throws HttpException 413 over the limit, before the body is read where its length is declared;
   *     408 below the minimum rate; 400 when the client ends it early; 503 when the shared memory
   *     is used up
   */
  byte[] read(Request request, int limit, BodyBudget.Lease lease) throws InterruptedException {
    long declared = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
    if (declared > limit) {
      throw tooLarge(limit);
    }
    ByteArrayOutputStream body =
        new ByteArrayOutputStream(Math.max(32, (int) Math.min(declared, 64 << 10)));
    long start = System.nanoTime();
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        await(request, body.size(), start);
      } else if (Content.Chunk.isFailure(chunk)) {
        throw cutShort(chunk.getFailure());
      } else {
        append(chunk, body, limit, lease);
        if (chunk.isLast()) {
          return body.toByteArray();
        }
      }
    }
  }

  /**
   * Reads on without keeping anything, after a refusal: closing a connection on which bytes still
   * come in resets it, and the client loses the answer.
   *
   * @param limit how long to wait for more; zero takes only what is there
   * @return whether the body came to its end
   */
  static boolean discard(Request request, Duration limit) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      Content.Chunk chunk = request.read();
      long remaining = deadline - System.nanoTime();
      if (chunk == null) {
        if (remaining <= 0 || !awaitContent(request, remaining)) {
          return false;
        }
        continue;
      }
      chunk.release();
      if (chunk.isLast() || Content.Chunk.isFailure(chunk)) {
        return !Content.Chunk.isFailure(chunk);
      }
      if (remaining < -MAX_BUSY_NANOS) {
        return false;
      }
    }
  }

  private void append(
      Content.Chunk chunk, ByteArrayOutputStream body, int limit, BodyBudget.Lease lease) {
    try {
      int size = chunk.remaining();
      if (size > limit - body.size()) {
        throw tooLarge(limit);
      }
      budget.take(lease, size);
      byte[] bytes = new byte[size];
      chunk.getByteBuffer().get(bytes);
      body.writeBytes(bytes);
    } finally {
      chunk.release();
    }
  }

  /** Waits for more, at most until the bytes read so far are too few for the time passed. */
  private void await(Request request, int read, long start) throws InterruptedException {
    long allowed =
        minBytesPerSecond == 0
            ? Long.MAX_VALUE
            : GRACE.toNanos() + TimeUnit.SECONDS.toNanos(read) / minBytesPerSecond;
    long passed = System.nanoTime() - start;
    if (!awaitContent(request, Math.max(0, allowed - passed))) {
      throw new HttpException(
          408,
          "request_timeout",
          "the body comes in below %d bytes a second".formatted(minBytesPerSecond));
    }
  }

  private static boolean awaitContent(Request request, long nanos) throws InterruptedException {
    Semaphore available = new Semaphore(0);
    request.demand(available::release);
    return available.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  private static HttpException tooLarge(int limit) {
    return HttpException.tooLarge(
        limit == 0
            ? "this request takes no body"
            : "the body is larger than %d bytes; send less at a time".formatted(limit));
  }

  private static HttpException cutShort(Throwable failure) {
    if (failure instanceof TimeoutException) {
      return new HttpException(408, "request_timeout", "the body stopped coming in");
    }
    return HttpException.badRequest(
        "incomplete_body", "the body could not be read to its end: " + failure.getMessage());
  }
}
