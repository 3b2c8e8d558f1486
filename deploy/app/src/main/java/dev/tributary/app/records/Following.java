package dev.tributary.app.records;

import dev.tributary.app.records.Trail.Standing;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Looks at records again and again until all of them are at rest. The pauses grow, so that a single
 * correction is followed closely and a long import costs its services nothing. For one thread.
 */
public final class Following {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** How long a service may be away in between. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * States that often pass by themselves: the gateway answers before its topology has seen a
   * record, and a next candidate often decides what one left open.
   */
  private static final Map<String, Duration> SETTLES_WITHIN =
      Map.of("unknown", Duration.ofSeconds(60), "undecided", Duration.ofSeconds(30));

  /** Lets time pass. */
  public interface Sleeper {
    void sleep(Duration duration) throws InterruptedException;
  }

  /**
   * How it ended.
   *
   * @param trails of the records, in their order
   * @param atRest whether all are at rest; else the time was up
   */
  public record Outcome(List<Trail> trails, boolean atRest) {}

  private final List<Supplier<Trail>> records;
  private final InstantSource clock;
  private final Sleeper sleeper;
  private final List<Trail> trails;
  private final List<Instant> since;

  /**
   * @param records each looks up where one record stands; may throw {@link RetriableException}
   */
  public Following(List<Supplier<Trail>> records, InstantSource clock, Sleeper sleeper) {
    this.records = List.copyOf(records);
    this.clock = clock;
    this.sleeper = sleeper;
    this.trails = new ArrayList<>(Collections.nCopies(records.size(), Trail.unknown("")));
    this.since = new ArrayList<>(Collections.nCopies(records.size(), clock.instant()));
  }

  /**
   * @param limit how long at most
   * @param onLook receives the trails after every look
   * @throws RetriableException if a service cannot be reached for half a minute
   */
  public Outcome follow(Duration limit, Consumer<List<Trail>> onLook) {
    Instant end = clock.instant().plus(limit);
    Instant heard = clock.instant();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        look();
        heard = clock.instant();
      } catch (RetriableException e) {
        if (!clock.instant().isBefore(heard.plus(PATIENCE))) {
          throw e;
        }
      }
      onLook.accept(List.copyOf(trails));
      boolean atRest = isAtRest();
      if (atRest || !clock.instant().isBefore(end)) {
        return new Outcome(List.copyOf(trails), atRest);
      }
      sleep(pause);
      pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  /** What is done needs no second look; what was refused may be served by a later version. */
  private void look() {
    for (int i = 0; i < records.size(); i++) {
      if (trails.get(i).standing() != Standing.DONE) {
        Trail now = records.get(i).get();
        if (!now.status().equals(trails.get(i).status())) {
          since.set(i, clock.instant());
        }
        trails.set(i, now);
      }
    }
  }

  private boolean isAtRest() {
    for (int i = 0; i < trails.size(); i++) {
      Trail trail = trails.get(i);
      Duration settling = SETTLES_WITHIN.getOrDefault(trail.status(), Duration.ZERO);
      boolean settled = !clock.instant().isBefore(since.get(i).plus(settling));
      if (trail.standing() == Standing.MOVING || !settled) {
        return false;
      }
    }
    return true;
  }

  private void sleep(Duration pause) {
    try {
      sleeper.sleep(pause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting", e);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
