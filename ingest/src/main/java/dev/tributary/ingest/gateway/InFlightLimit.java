package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.HttpException;
import java.time.Duration;

/**
 * Bounds what waits for the broker, in records and in bytes, so that a slow broker slows the
 * senders down. Thread-safe.
 */
final class InFlightLimit {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final int maxRecords;
  private final long maxBytes;
  private int records;
  private long bytes;

  InFlightLimit(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /**
   * Takes room for a request's records.
   *
   * @throws HttpException 413 when they could never fit, 429 when they do not fit now
   */
  synchronized void acquire(int moreRecords, long moreBytes) {
    if (moreRecords > maxRecords || moreBytes > maxBytes) {
      throw HttpException.tooLarge(
          "%d records of %d bytes; send at most %d records and %d bytes at a time"
              .formatted(moreRecords, moreBytes, maxRecords, maxBytes));
    }
    if (records + moreRecords > maxRecords || bytes + moreBytes > maxBytes) {
      throw HttpException.tooManyRequests(
          "%d records wait for the broker; send these again a little later".formatted(records),
          RETRY_AFTER);
    }
    records += moreRecords;
    bytes += moreBytes;
  }

  synchronized void release(int lessRecords, long lessBytes) {
    records -= lessRecords;
    bytes -= lessBytes;
  }
}
