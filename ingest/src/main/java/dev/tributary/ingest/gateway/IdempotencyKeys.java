package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.Handler;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Remembers answers by the {@code Idempotency-Key} of their request: the same request again gets
 * the same answer and does nothing, another body under the same key gets 422, and one whose first
 * is still at work 409. Only answers that would be given again are kept; after an error the request
 * may be repeated under its key.
 *
 * <p>Bounded in number, size and age, in this process' memory only: after a restart the ids of the
 * records still keep duplicates out. Thread-safe.
 */
final class IdempotencyKeys {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final long MAX_BYTES = 32 << 20;
  private static final String HEADER = "Idempotency-Key";

  private final int maxEntries;
  private final Duration retention;
  private final Clock clock;
  private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  IdempotencyKeys(int maxEntries, Duration retention, Clock clock) {
    this.maxEntries = maxEntries;
    this.retention = retention;
    this.clock = clock;
  }

  /** The same handler, called once a key. Requests without a key pass. */
  Handler around(Handler handler) {
    return request -> {
      String key = request.header(HEADER).orElse(null);
      return key == null ? handler.handle(request) : handle(key, handler, request);
    };
  }

  private Response handle(String key, Handler handler, Request request) throws Exception {
    if (!KEY.matcher(key).matches()) {
      throw HttpException.badRequest(
          "invalid_idempotency_key", "Idempotency-Key must be 1 to 256 visible ASCII characters");
    }
    String scoped = request.path() + " " + key;
    byte[] hash = ContentId.sha256(request.body());
    Entry known = begin(scoped, hash);
    if (known != null) {
      return known.answerFor(hash).header("Idempotency-Replayed", "true");
    }
    Response answer = null;
    try {
      answer = handler.handle(request);
      return answer;
    } finally {
      end(scoped, hash, answer);
    }
  }

  /** The entry that is there; null when the caller is the first and shall go on. */
  private synchronized Entry begin(String key, byte[] hash) {
    dropWhile(entry -> !entry.since.isAfter(clock.instant().minus(retention)));
    Entry known = entries.get(key);
    if (known == null) {
      entries.put(key, new Entry(hash, null, clock.instant()));
    }
    return known;
  }

  private synchronized void end(String key, byte[] hash, Response answer) {
    entries.remove(key);
    if (answer != null) {
      entries.put(key, new Entry(hash, answer, clock.instant()));
      bytes += answer.body().length;
      dropWhile(entry -> entries.size() > maxEntries || bytes > MAX_BYTES);
    }
  }

  /**
   * Drops answers, those kept longest first, for as long as the condition holds. Requests at work
   * are left alone; they are as few as connections.
   */
  private void dropWhile(Predicate<Entry> condition) {
    Iterator<Entry> oldestFirst = entries.values().iterator();
    while (oldestFirst.hasNext()) {
      Entry entry = oldestFirst.next();
      if (!condition.test(entry)) {
        return;
      }
      if (entry.answer != null) {
        oldestFirst.remove();
        bytes -= entry.answer.body().length;
      }
    }
  }

  private record Entry(byte[] hash, Response answer, Instant since) {

    Response answerFor(byte[] body) {
      if (!Arrays.equals(hash, body)) {
        throw new HttpException(
            422,
            "idempotency_key_reused",
            "this Idempotency-Key came with another body; use a new key");
      }
      if (answer == null) {
        throw HttpException.conflict(
                "request_in_progress",
                "the first request with this Idempotency-Key is still at work")
            .header("Retry-After", "1");
      }
      return answer;
    }
  }
}
