package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.adapters.GateRefusedException;
import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.records.Following;
import dev.tributary.app.records.Following.Sleeper;
import dev.tributary.app.records.Trail;
import dev.tributary.app.records.Trail.Standing;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Follows one judgement, with a line at each change. For one thread. */
final class FeedbackWait {

  private final Console console;
  private final GatewayClient gateway;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final Instant begin;
  private String told = Trail.unknown("").status();

  FeedbackWait(Console console, GatewayClient gateway, InstantSource clock, Sleeper sleeper) {
    this.console = console;
    this.gateway = gateway;
    this.clock = clock;
    this.sleeper = sleeper;
    this.begin = clock.instant();
  }

  /**
   * Returns once a version serves it, or nothing has to happen any more.
   *
   * @throws GateRefusedException if the gate refused the version that learnt it
   * @throws RetriableException if it cannot go on by itself, or the time is up; says what it waits
   *     for
   */
  Trail await(String id, Duration limit) {
    Following following =
        new Following(
            List.of(() -> gateway.feedback(id).map(Trail::new).orElse(Trail.unknown(id))),
            clock,
            sleeper);
    Following.Outcome outcome = following.follow(limit, trails -> tell(trails.getFirst()));
    Trail trail = outcome.trails().getFirst();
    String sentence = TrailText.sentenceWithAdvice(trail);
    if (!outcome.atRest()) {
      throw new RetriableException("not served within the --timeout; " + sentence);
    }
    if (trail.standing() == Standing.REFUSED) {
      throw new GateRefusedException(sentence);
    }
    if (trail.standing() == Standing.STUCK) {
      throw new RetriableException("it cannot go on by itself; " + sentence);
    }
    return trail;
  }

  private void tell(Trail trail) {
    if (!trail.status().equals(told)) {
      told = trail.status();
      double seconds = Duration.between(begin, clock.instant()).toMillis() / 1e3;
      console.note("%6.1f s  %s".formatted(seconds, TrailText.sentence(trail)));
    }
  }
}
