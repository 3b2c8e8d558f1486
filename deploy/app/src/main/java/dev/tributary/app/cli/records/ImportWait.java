package dev.tributary.app.cli.records;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.adapters.GateRefusedException;
import dev.tributary.app.cli.progress.Progress;
import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.records.Following;
import dev.tributary.app.records.Following.Sleeper;
import dev.tributary.app.records.Trail;
import dev.tributary.app.records.Trail.Standing;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Follows some of an import's records. Records of one adapter keep their order, so a few of them
 * tell how far all are. For one thread.
 */
final class ImportWait {

  private final Console console;
  private final GatewayClient gateway;
  private final InstantSource clock;
  private final Sleeper sleeper;

  ImportWait(Console console, GatewayClient gateway, InstantSource clock, Sleeper sleeper) {
    this.console = console;
    this.gateway = gateway;
    this.clock = clock;
    this.sleeper = sleeper;
  }

  /**
   * Returns where the records stand once all are at rest.
   *
   * @throws RetriableException if the time is up; says what they still wait for
   */
  List<Trail> await(List<String> ids, Duration limit) {
    List<Supplier<Trail>> records = ids.stream().map(this::record).toList();
    Following following = new Following(records, clock, sleeper);
    Following.Outcome outcome;
    try (Progress progress = Progress.start(console, "wait", ids.size(), "record", clock)) {
      outcome = following.follow(limit, trails -> show(progress, trails));
    }
    if (!outcome.atRest()) {
      throw new RetriableException(
          "not at rest within the --timeout: %s; %s"
              .formatted(
                  counts(outcome.trails()),
                  first(outcome.trails(), Standing.MOVING)
                      .or(() -> first(outcome.trails(), Standing.STUCK))
                      .orElse("")));
    }
    return outcome.trails();
  }

  private Supplier<Trail> record(String id) {
    return () -> gateway.instruction(id).map(Trail::new).orElse(Trail.unknown(id));
  }

  private static void show(Progress progress, List<Trail> trails) {
    long settled = trails.stream().filter(trail -> trail.standing() != Standing.MOVING).count();
    progress.update(settled, counts(trails));
  }

  /**
   * @throws GateRefusedException if one was refused
   * @throws RetriableException if one cannot go on by itself
   */
  static void requireDone(List<Trail> trails) {
    first(trails, Standing.REFUSED)
        .ifPresent(
            sentence -> {
              throw new GateRefusedException(sentence);
            });
    first(trails, Standing.STUCK)
        .ifPresent(
            sentence -> {
              throw new RetriableException("some cannot go on by themselves; " + sentence);
            });
  }

  /** How many there are of each status, such as {@code queued=38 served=12}. */
  static String counts(List<Trail> trails) {
    Map<String, Long> counts =
        trails.stream()
            .collect(Collectors.groupingBy(Trail::status, TreeMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(count -> count.getKey() + "=" + count.getValue())
        .collect(Collectors.joining(" "));
  }

  private static Optional<String> first(List<Trail> trails, Standing standing) {
    return trails.stream()
        .filter(trail -> trail.standing() == standing)
        .findFirst()
        .map(
            trail ->
                trail.json().path("id").asString("") + " " + TrailText.sentenceWithAdvice(trail));
  }
}
