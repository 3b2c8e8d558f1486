package dev.tributary.evaluator.registry;

import static dev.tributary.evaluator.registry.Lines.line;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryTest {

  private static final AdapterId ADAPTER = AdapterId.parse("acme/support");
  private final Registry registry = new Registry();

  @Test
  void theNewestLineOfAVersionIsItsState() {
    registry.apply(line(1, ReleaseState.GATED, Verdict.PASSED));
    registry.apply(line(1, ReleaseState.ACTIVE, Verdict.PASSED));
    registry.apply(line(2, ReleaseState.GATED, Verdict.FAILED));

    assertEquals(Optional.of(1), registry.active(ADAPTER).map(ReleaseLine::version));
    assertEquals(2, registry.of(ADAPTER).newest().orElseThrow().version());
    assertEquals(3, registry.of(ADAPTER).history().size());

    registry.apply(line(1, ReleaseState.ROLLED_BACK, Verdict.PASSED));
    assertEquals(Optional.empty(), registry.active(ADAPTER));
  }

  @Test
  void anUnknownAdapterHasNoVersions() {
    assertTrue(registry.find(ADAPTER).isEmpty());
    assertTrue(registry.of(ADAPTER).all().isEmpty());
    assertTrue(registry.isEmpty());
  }

  @Test
  void theHistoryIsBounded() {
    for (int i = 1; i <= AdapterVersions.MAX_HISTORY + 5; i++) {
      registry.apply(line(i, ReleaseState.GATED, Verdict.FAILED));
    }

    List<ReleaseLine> history = registry.of(ADAPTER).history();
    assertEquals(AdapterVersions.MAX_HISTORY, history.size());
    assertEquals(6, history.getFirst().version());
  }

  @Test
  void whatWasLeftUnfinishedIsRecognised() {
    assertTrue(line(1, ReleaseState.GATED, Verdict.INCONCLUSIVE).isHeld());
    assertFalse(line(1, ReleaseState.GATED, Verdict.FAILED).isHeld());
    assertTrue(line(1, ReleaseState.GATED, Verdict.PASSED).isHalfPublished());
    assertTrue(line(1, ReleaseState.PUBLISHED, Verdict.PASSED).isHalfPublished());
    assertFalse(line(1, ReleaseState.PUBLISHED, Verdict.FAILED).isHalfPublished());
    assertFalse(line(1, ReleaseState.ROLLED_BACK, Verdict.PASSED).isHalfPublished());
  }

  @Test
  void aMarkTravelsInAHeader() {
    RecordHeaders headers = new RecordHeaders();
    new GateMark(3, 1_234_567_890_123L, 7, 42).writeTo(headers);

    assertEquals(new GateMark(3, 1_234_567_890_123L, 7, 42), GateMark.readFrom(headers));
  }

  @Test
  void aMarkOfAnEarlierVersionIsReadToo() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("tributary-gate-mark", "3:12:7".getBytes(StandardCharsets.US_ASCII));

    assertEquals(new GateMark(3, 12, 7), GateMark.readFrom(headers));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1:2", "a:b:c", "1:2:3:4:5", "99999999999:1:1"})
  void aMarkThatCannotBeReadAsksMoreOfTheNextVersion(String text) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("tributary-gate-mark", text.getBytes(StandardCharsets.US_ASCII));

    assertEquals(GateMark.NONE, GateMark.readFrom(headers));
    assertEquals(GateMark.NONE, GateMark.readFrom(new RecordHeaders()));
  }

  @Test
  void aMarkCoversWhatWasThereBefore() {
    GateMark mark = new GateMark(1, 10, 0);

    assertTrue(mark.covers(1, 9));
    assertFalse(mark.covers(1, 10));
    assertFalse(mark.covers(0, 9));
    assertFalse(GateMark.NONE.covers(0, 0));
  }
}
