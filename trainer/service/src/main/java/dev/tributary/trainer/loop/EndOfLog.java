package dev.tributary.trainer.loop;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.trainer.checkpoint.LogReader;
import java.time.Clock;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.Consumer;

/**
 * Knows up to what time a partition's records are all read. This is the only use of the wall clock,
 * and it decides only <em>when</em> a batch at the end of the log may close, not what is in it.
 *
 * <p>The broker gives a record its log-append time and its offset together. So if the clock is read
 * first, then the end of the log (open transactions included), and everything before that end has
 * been read, then whatever comes later is stamped later than the clock said, but for the difference
 * of the two clocks.
 */
final class EndOfLog {

  private final Consumer<?, ?> consumer;
  private final LogReader log;
  private final Clock clock;
  private final long slackMillis;

  /**
   * @param slackMillis how far this clock may be off the broker's
   */
  EndOfLog(Consumer<?, ?> consumer, LogReader log, Clock clock, long slackMillis) {
    this.consumer = consumer;
    this.log = log;
    this.clock = clock;
    this.slackMillis = slackMillis;
  }

  /** The time up to which the log is complete; empty if unknown, or nothing is due by then. */
  OptionalLong complete(PartitionWork work) {
    long time = clock.millis() - slackMillis;
    boolean due =
        work.isDrained()
            && work.earliestDeadline().filter(deadline -> deadline.at() < time).isPresent();
    return due && isAtEnd(work) ? OptionalLong.of(time) : OptionalLong.empty();
  }

  private boolean isAtEnd(PartitionWork work) {
    try {
      return consumer.position(work.partition()) >= log.end(work.partition());
    } catch (RetriableException e) {
      return false; // not known now; asked again with the next poll
    }
  }

  /** Milliseconds until something may be due; never negative. */
  OptionalLong millisToDeadline(PartitionWork work) {
    return work.earliestDeadline()
        .map(
            deadline ->
                OptionalLong.of(Math.max(0, deadline.at() + slackMillis + 1 - clock.millis())))
        .orElse(OptionalLong.empty());
  }
}
