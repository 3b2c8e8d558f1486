package dev.tributary.platform.http;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Points in time as senders write them: RFC 3339 text with an offset, or a number since 1970, in
 * milliseconds from 10¹¹ up (a date in 1973) and in seconds, fractions allowed, below (a date until
 * 5138). Before 1970 and more than five minutes ahead of the receiver's clock is refused: such a
 * record would outlive, or never reach, the window it is joined in.
 */
final class Timestamps {

  private static final double SMALLEST_MILLIS = 1e11;
  private static final Duration TOLERANCE = Duration.ofMinutes(5);

  private Timestamps() {}

  static Optional<Instant> read(JsonNode node, Instant now, Consumer<String> error) {
    Optional<Instant> time = parse(node);
    if (time.isEmpty()) {
      error.accept(
          "expected a time: RFC 3339 such as 2026-11-24T10:15:00Z, or seconds or milliseconds since"
              + " 1970");
    } else if (time.get().isBefore(Instant.EPOCH)) {
      error.accept("is before 1970; send the time at which it happened");
      return Optional.empty();
    } else if (time.get().isAfter(now.plus(TOLERANCE))) {
      error.accept(
          "is more than five minutes ahead of this server's clock, "
              + now
              + "; check the sender's clock");
      return Optional.empty();
    }
    return time;
  }

  private static Optional<Instant> parse(JsonNode node) {
    try {
      if (node.isString()) {
        return Optional.of(OffsetDateTime.parse(node.stringValue()).toInstant());
      }
      if (node.isNumber() && Double.isFinite(node.doubleValue())) {
        double value = node.doubleValue();
        double millis = Math.abs(value) >= SMALLEST_MILLIS ? value : value * 1000;
        return Optional.of(Instant.ofEpochMilli((long) Math.floor(millis)));
      }
    } catch (DateTimeException e) {
      // Reported by the caller, in the same words as any other value that is no time.
    }
    return Optional.empty();
  }
}
