package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.pack.MicroBatch;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.replay.ReplayLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTrainerTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");

  private final List<String> observed = new ArrayList<>();
  private final AdapterSession session =
      new SessionFactory(CountingLearners.quick(), new ReplayLimits(100, 1 << 20), 1)
          .fresh(SUPPORT, 0);

  @Test
  void eachStepTakesAllNewExamplesAndAFreshDrawFromTheBuffer() {
    // given a buffer of 30
    trainer(1, 0, 1_000).train(session, batch(0, 30));

    // when 6 new ones are trained, half of each step rehearsed
    TrainedBatch trained = trainer(4, 0.5, 1_000).train(session, batch(30, 6));

    // then
    assertEquals(24, trained.newItems());
    assertEquals(24, trained.replayedItems());
    assertEquals(48 * 5, trained.tokens());
    var counts = ((CountingLearners.CountingLearner) session.learner()).counts();
    for (int i = 30; i < 36; i++) {
      assertEquals(4, counts.get("e" + i));
    }
    long rehearsed = IntStream.range(0, 30).filter(i -> counts.get("e" + i) > 1).count();
    assertTrue(rehearsed > 6, "not the same six in every step");
    assertEquals(36, session.replay().size());
  }

  @Test
  void rehearsalKeepsWithinTheTokenBudget() {
    trainer(1, 0, 1_000).train(session, batch(0, 30));
    TrainedBatch trained = trainer(1, 0.5, 45).train(session, batch(30, 6));
    assertEquals(6, trained.newItems());
    assertEquals(3, trained.replayedItems());
  }

  @Test
  void withoutAShareNothingIsRehearsed() {
    trainer(1, 0, 1_000).train(session, batch(0, 30));
    assertEquals(0, trainer(3, 0, 1_000).train(session, batch(30, 2)).replayedItems());
  }

  @Test
  void answerSupersededWithinItsBatchIsNotTrained() {
    // given
    TrainingItem old = fact(0, 14, 1_000);
    TrainingItem current = fact(1, 30, 2_000);

    // when
    TrainedBatch trained =
        trainer(2, 0, 1_000).train(session, new MicroBatch(SUPPORT, List.of(old, current)));

    // then
    assertEquals(List.of(current), trained.trained());
    assertEquals(List.of(current), session.replay().items());
    assertTrue(observed.contains("superseded 1 forgotten 1"), observed::toString);
  }

  @Test
  void batchOfSupersededAnswersTakesNoStep() {
    trainer(1, 0, 1_000).train(session, new MicroBatch(SUPPORT, List.of(fact(0, 30, 2_000))));
    long step = session.learner().step();
    TrainedBatch trained =
        trainer(3, 0.5, 1_000).train(session, new MicroBatch(SUPPORT, List.of(fact(1, 14, 1_000))));
    assertEquals(List.of(), trained.trained());
    assertEquals(step, session.learner().step());
    assertEquals(0, trained.meanLoss());
  }

  @Test
  void divergenceNamesAdapterStepAndTheExamplesToBlame() {
    MicroBatch poisoned =
        new MicroBatch(SUPPORT, List.of(item("e0", 0), item(CountingLearners.POISON, 1)));
    String message =
        assertThrows(DivergedException.class, () -> trainer(1, 0, 1_000).train(session, poisoned))
            .getMessage();
    for (String part : List.of("acme/support", "step 1", "[poison at offset 1]", "NaN")) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("e0"), message);
    assertEquals(List.of("superseded 0 forgotten 0", "diverged"), observed);
  }

  private BatchTrainer trainer(int steps, double share, int maxTokens) {
    return new BatchTrainer(new StepPlan(steps, share, maxTokens), new Recorder(), () -> 0);
  }

  private static MicroBatch batch(int from, int count) {
    return new MicroBatch(
        SUPPORT, IntStream.range(from, from + count).mapToObj(i -> item("e" + i, i)).toList());
  }

  private static TrainingItem item(String id, long offset) {
    return new TrainingItem(
        id, offset, 0, "default", null, 0, 0, 0, 1, TokenizedExample.text(new int[5]));
  }

  private static TrainingItem fact(long offset, long answer, long eventTime) {
    return new TrainingItem(
        "f" + offset,
        offset,
        0,
        "default",
        "window",
        answer,
        eventTime,
        0,
        1,
        TokenizedExample.text(new int[5]));
  }

  private final class Recorder implements TrainingObserver {
    @Override
    public void superseded(AdapterId adapter, int examples, int forgotten) {
      observed.add("superseded " + examples + " forgotten " + forgotten);
    }

    @Override
    public void stepped(AdapterId adapter, StepResult result, Duration duration) {
      observed.add("step " + result.step());
    }

    @Override
    public void diverged(AdapterId adapter) {
      observed.add("diverged");
    }
  }
}
