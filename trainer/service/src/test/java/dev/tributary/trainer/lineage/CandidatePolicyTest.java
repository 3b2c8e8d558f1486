package dev.tributary.trainer.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.testing.Told;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CandidatePolicyTest {

  private final CandidatePolicy policy = new CandidatePolicy(3, 100, 1_000);

  @Test
  void nothingNewIsNeverDue() {
    assertFalse(policy.isDue(CandidateLineage.EMPTY));
    assertEquals(OptionalLong.empty(), policy.deadline(CandidateLineage.EMPTY, false));
  }

  @Test
  void itIsDueWhenNothingHasComeForAWhile() {
    CandidateLineage lineage = lineage(told(10_000), told(10_050));
    assertFalse(policy.isDue(lineage));
    assertEquals(OptionalLong.of(10_150), policy.deadline(lineage, false));
    assertEquals(OptionalLong.of(11_000), policy.deadline(lineage, true), "more has come");
  }

  @Test
  void itIsDueAtTheLatestSoLongAfterTheFirst() {
    CandidateLineage lineage = lineage(told(10_000), told(10_990));
    assertEquals(OptionalLong.of(11_000), policy.deadline(lineage, false));
  }

  @Test
  void itIsDueAtSoManyExamples() {
    assertTrue(policy.isDue(lineage(told(1), told(2), told(3))));
  }

  @Test
  void trustedCorrectionMakesItDueAtOnce() {
    TrainingItem correction = Told.at(1).insteadOf("14 days").item();
    TrainingItem doubted = Told.at(1).insteadOf("14 days").untrusted().item();
    assertTrue(policy.isDue(lineage(correction)));
    assertFalse(policy.isDue(lineage(doubted)));
    CandidateLineage later = lineage(correction).plus(batch(told(2)));
    assertTrue(policy.isDue(later), "whatever comes after it");
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new CandidatePolicy(0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new CandidatePolicy(1, -1, 0));
    assertThrows(IllegalArgumentException.class, () -> new CandidatePolicy(1, 0, -1));
  }

  private static TrainingItem told(long appended) {
    return Told.at(appended).appended(appended).item();
  }

  private static CandidateLineage lineage(TrainingItem... items) {
    return CandidateLineage.EMPTY.plus(batch(items));
  }

  private static TrainedBatch batch(TrainingItem... items) {
    return new TrainedBatch(List.of(items), List.of(), items.length, 0, 10, 1, 10);
  }
}
