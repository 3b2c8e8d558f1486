package dev.tributary.app.records;

import java.util.List;

/**
 * What an import did.
 *
 * @param total records in the file
 * @param alreadySent of them, in an earlier run
 * @param sent accepted and acknowledged by the broker in this run
 * @param rejected refused by the gateway, with their lines and its words
 */
public record ImportResult(long total, long alreadySent, long sent, List<Rejection> rejected) {

  /** A record the gateway refused. */
  public record Rejection(long line, String detail) {}
}
