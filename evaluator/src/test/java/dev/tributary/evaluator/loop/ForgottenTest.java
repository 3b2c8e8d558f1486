package dev.tributary.evaluator.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.Registries;
import dev.tributary.evaluator.score.Answer;
import dev.tributary.evaluator.score.ModelScores;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.evaluator.suite.BaseKnowledge;
import dev.tributary.evaluator.suite.Recall;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForgottenTest {

  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final String WORSE = GateReason.ANSWERS_WORSE.code();
  private static final List<SuiteRecord> OWN =
      Recall.of(
              List.of(
                  new BaseKnowledge.OwnAnswer("When do you open?", "At nine in the morning."),
                  new BaseKnowledge.OwnAnswer("Where is the shop?", "At the harbour."),
                  new BaseKnowledge.OwnAnswer("Who are you?", "Your assistant.")),
              "acme/support")
          .without(List.of(), List.of(), Map.of());

  private static final List<SuiteRecord> TOLD =
      OWN.stream()
          .map(
              own ->
                  new SuiteRecord(
                      TrainingExample.newBuilder(own.example())
                          .setSlice("returns")
                          .setTrust(Trust.TRUSTED)
                          .setEventTime(NOW.minusSeconds(60))
                          .build(),
                      0,
                      7))
          .toList();

  @Test
  void whatTheBaseKnewAndTheCandidateLostIsToldAgainAndReplacesNothing() {
    // given one answer that is lost, one that is kept, one that was wrong before
    List<SliceScores> scores =
        List.of(
            scores(Evidence.HELD_OUT, List.of(true, true, true), List.of(false, false, false)),
            scores(Evidence.RECALL, List.of(true, true, false), List.of(false, true, false)));

    // when
    List<TrainingExample> again = told(scores, GateReason.ANSWERS_WORSE, 0);

    // then
    assertEquals(1, again.size());
    TrainingExample example = again.getFirst();
    assertEquals("When do you open?", example.getMessages().getFirst().getContent());
    assertEquals("At nine in the morning.", example.getCompletion());
    assertEquals("acme/support", example.getAdapter());
    assertEquals(Recall.SLICE, example.getSlice());
    assertEquals(Trust.CORROBORATED, example.getTrust());
    assertEquals(Instant.EPOCH, example.getEventTime());
    assertEquals(NOW, example.getIngestTime());
  }

  @Test
  void whatWasToldAndIsLostIsToldAgainAsItWas() {
    List<TrainingExample> again =
        told(
            List.of(scores(Evidence.TOLD, List.of(true, true, true), List.of(true, false, true))),
            GateReason.ANSWERS_WORSE,
            0);

    assertEquals(1, again.size());
    assertEquals("At the harbour.", again.getFirst().getCompletion());
    assertEquals(Trust.TRUSTED, again.getFirst().getTrust());
    assertEquals("returns", again.getFirst().getSlice());
    assertEquals(TOLD.get(1).example().getOrigin(), again.getFirst().getOrigin());
    assertEquals(TOLD.get(1).example().getEventTime(), again.getFirst().getEventTime());
  }

  @Test
  void thriceInARowIsEnough() {
    List<SliceScores> scores =
        List.of(scores(Evidence.RECALL, List.of(true, true, true), List.of(false, false, false)));
    for (int before = 0; before < Forgotten.MOST_IN_A_ROW; before++) {
      assertEquals(3, told(scores, GateReason.ANSWERS_WORSE, before).size());
    }
    assertEquals(List.of(), told(scores, GateReason.ANSWERS_WORSE, Forgotten.MOST_IN_A_ROW));
  }

  @Test
  void otherVerdictsTellNothing() {
    List<SliceScores> scores =
        List.of(scores(Evidence.RECALL, List.of(true, true, true), List.of(false, true, true)));
    assertEquals(List.of(), told(scores, GateReason.PASSED, 0));
    assertEquals(List.of(), told(scores, GateReason.TOLD_NOT_LEARNT, 0));
  }

  private static List<TrainingExample> told(
      List<SliceScores> scores, GateReason reason, int refusedBefore) {
    AdapterVersions known = Registries.refused(refusedBefore, WORSE);
    return Forgotten.toTellAgain(
        GateDecision.without(reason, "a test"), scores, 2 + refusedBefore, known, NOW);
  }

  private static SliceScores scores(Evidence evidence, List<Boolean> before, List<Boolean> after) {
    return new SliceScores(
        "a slice",
        SliceRole.RETAINED,
        evidence,
        evidence == Evidence.RECALL ? OWN : TOLD,
        ModelScores.NONE,
        answers(before),
        answers(after),
        Optional.empty());
  }

  private static ModelScores answers(List<Boolean> right) {
    return new ModelScores(
        IntStream.range(0, right.size()).mapToDouble(i -> 1).toArray(),
        right.stream().map(is -> new Answer("an answer", is, is ? 1 : 0)).toList());
  }
}
