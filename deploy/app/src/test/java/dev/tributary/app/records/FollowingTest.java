package dev.tributary.app.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.records.Following.Outcome;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Records whose status is a function of the seconds passed. */
class FollowingTest {

  private static final Duration LIMIT = Duration.ofMinutes(15);

  private final List<Long> seen = new ArrayList<>();
  private Instant now = Instant.EPOCH;

  @Test
  void aRecordIsFollowedUntilItIsServed() {
    Outcome outcome = follow(second -> second < 5 ? "queued" : second < 12 ? "trained" : "served");

    assertTrue(outcome.atRest());
    assertEquals("served", outcome.trails().getFirst().status());
    assertTrue(elapsed() >= 12 && elapsed() <= 13, "after " + elapsed() + " s");
  }

  @Test
  void allRecordsHaveToBeAtRestAndWhatIsDoneIsNotAskedForAgain() {
    Outcome outcome =
        follow(
            second -> {
              seen.add(second);
              return "served";
            },
            second -> second < 9 ? "queued" : "held_out");

    assertTrue(outcome.atRest());
    assertEquals(
        List.of("served", "held_out"), outcome.trails().stream().map(Trail::status).toList());
    assertEquals(List.of(0L), seen);
  }

  @Test
  void whatWasRefusedMayBeServedByALaterVersionWhileOthersAreOnTheirWay() {
    Outcome outcome =
        follow(
            second -> second < 20 ? "refused" : "served",
            second -> second < 20 ? "queued" : "served");

    assertEquals(
        List.of("served", "served"), outcome.trails().stream().map(Trail::status).toList());
  }

  @ParameterizedTest
  @CsvSource({"undecided, 30", "unknown, 60", "refused, 0", "waiting_for_voices, 0"})
  void whatOftenPassesByItselfIsGivenTime(String status, long settling) {
    Outcome outcome = follow(second -> status);

    assertTrue(outcome.atRest());
    assertTrue(elapsed() >= settling && elapsed() <= settling + 1, "after " + elapsed() + " s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"queued", "trained", "waiting_for_interaction", "something_new"})
  void theTimeIsUpInTheEnd(String status) {
    Outcome outcome = follow(second -> status);

    assertFalse(outcome.atRest());
    assertEquals(LIMIT.toSeconds(), elapsed(), 1);
  }

  @Test
  void aServiceThatIsAwayForAMomentIsAskedAgain() {
    Outcome outcome =
        follow(
            second -> {
              if (second >= 5 && second < 30) {
                throw new RetriableException("away");
              }
              return second < 40 ? "queued" : "served";
            });

    assertEquals("served", outcome.trails().getFirst().status());
  }

  @Test
  void aServiceThatStaysAwayIsAnError() {
    assertThrows(
        RetriableException.class,
        () ->
            follow(
                second -> {
                  throw new RetriableException("away");
                }));
    assertEquals(30, elapsed(), 1);
  }

  private Outcome follow(Function<Long, String> status) {
    return followAll(List.of(status));
  }

  private Outcome follow(Function<Long, String> one, Function<Long, String> other) {
    return followAll(List.of(one, other));
  }

  private Outcome followAll(List<Function<Long, String>> statuses) {
    List<Supplier<Trail>> records =
        statuses.stream().<Supplier<Trail>>map(status -> () -> at(status)).toList();
    return new Following(records, () -> now, pause -> now = now.plus(pause))
        .follow(LIMIT, trails -> {});
  }

  private Trail at(Function<Long, String> status) {
    return new Trail(new JsonMapper().valueToTree(Map.of("status", status.apply(elapsed()))));
  }

  private long elapsed() {
    return Duration.between(Instant.EPOCH, now).toSeconds();
  }
}
