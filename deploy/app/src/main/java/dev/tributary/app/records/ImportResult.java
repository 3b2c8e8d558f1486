package dev.tributary.app.records;

import java.util.List;

/**
 * What an import did.
 *
 * @param total records in the file
 * @param alreadySent of them, in an earlier run
 * @param sent accepted and acknowledged by the broker in this run
 * @param rejected refused by the gateway, with their lines and its words
 * @param sample ids of up to 50 records that were not refused in this run, spread over the file,
 *     the last among them
 */
public record ImportResult(
    long total, long alreadySent, long sent, List<Rejection> rejected, List<String> sample) {

  /** A record the gateway refused. */
  public record Rejection(long line, String detail) {}
}
