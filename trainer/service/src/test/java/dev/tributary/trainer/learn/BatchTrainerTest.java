package dev.tributary.trainer.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.pack.MicroBatch;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.replay.Memory;
import dev.tributary.trainer.replay.ReplayLimits;
import dev.tributary.trainer.testing.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchTrainerTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");
  private static final int TOKENS = 5;
  private static final int PASSES = 6;
  private static final int LEAST_PASS_STEPS = 2;
  private static final double REPAIR_RATE = 0.5;

  private final List<String> observed = new ArrayList<>();
  private final TableLearner learner = new TableLearner(2);
  private final Memory memory = Memory.fresh(new ReplayLimits(100, 1 << 20), List::of, 1_000, 1);

  @Test
  void stopsAsSoonAsEverythingIsLearnt() {
    // given one token's room for each step, so that each example is stepped alone
    BatchTrainer trainer = trainer(plan(0, 0, TOKENS, 1_000));

    // when
    TrainedBatch trained = train(trainer, items(0, 3));

    // then
    assertEquals(List.of(), trained.notLearnt());
    assertEquals(6, learner.step());
    assertEquals(6, trained.newItems());
    assertEquals(6 * TOKENS, trained.tokens());
    assertTrue(observed.contains("taught in 2 passes, 0 not learnt"), observed::toString);
  }

  @Test
  void whatIsAnsweredAsToldNeedsNoStep() {
    TrainingItem told = items(0, 1).getFirst();
    train(trainer(plan(0, 0, 100, 1_000)), List.of(told));
    assertTrue(learner.knows(told));
    long before = learner.step();

    TrainedBatch again = train(trainer(plan(0, 0, 100, 1_000)), List.of(told));
    assertEquals(before, learner.step());
    assertEquals(List.of(told), again.trained());
    assertEquals(List.of(), again.notLearnt());
  }

  @Test
  void manyWordingsOfAnAnswerAreTaughtOnlyAsFarAsTheyNeedIt() {
    // given ten wordings each of two answers, which follow from any two of their own
    List<TrainingItem> items = wordingsOfTwoAnswers();
    learner.generalises();

    // when two of each are to be taught before the others are looked at
    TrainedBatch trained = train(trainer(plan(0, 0, TOKENS, 1_000, 2)), items);

    // then
    assertEquals(items, trained.trained());
    assertEquals(List.of(), trained.notLearnt());
    items.forEach(item -> assertTrue(learner.knows(item), item::toString));
    assertEquals(4 + 4, trained.newItems(), "a pass over four, beside as many others");
  }

  @Test
  void wordingsThatDoNotFollowFromTheFirstAreTaughtThen() {
    List<TrainingItem> items = wordingsOfTwoAnswers();
    TrainedBatch trained = train(trainer(plan(0, 0, TOKENS, 1_000, 2)), items);
    assertEquals(List.of(), trained.notLearnt());
    items.forEach(item -> assertTrue(learner.knows(item), item::toString));
  }

  @Test
  void whatCannotBeLearntIsNamedWhenTheBudgetIsSpent() {
    // given
    learner.hopeless("e1");
    List<TrainingItem> items = items(0, 3);

    // when
    TrainedBatch trained = train(trainer(plan(0, 0, TOKENS, 1_000)), items);

    // then the others left when they were learnt, and it was tried until the end
    assertEquals(items, trained.trained());
    assertEquals(List.of(items.get(1)), trained.notLearnt());
    assertEquals(3 * PASSES, learner.step(), 1, "steps of so many passes over all three");
    assertTrue(learner.stepsWith("e0") < learner.stepsWith("e1"));
    assertTrue(observed.getLast().endsWith("1 not learnt"), observed::toString);
  }

  @Test
  void oneThatCannotBeLearntDoesNotUseUpTheBudgetOfMany() {
    // given
    learner.hopeless("e7");
    List<TrainingItem> items = items(0, 1_100);

    // when
    TrainedBatch trained = train(trainer(plan(0, 0, 10 * TOKENS, 1_000)), items);

    // then
    assertEquals(List.of(items.get(7)), trained.notLearnt());
    assertTrue(learner.step() <= 3 * 110, "took " + learner.step() + " steps");
  }

  @Test
  void fewExamplesHaveABudgetToo() {
    learner.hopeless("e0");
    train(trainer(plan(0, 0, 100, 1_000)), items(0, 1));
    assertEquals(PASSES * LEAST_PASS_STEPS, learner.step());
  }

  @Test
  void stepsAreSmallAndALongExampleStandsAlone() {
    List<TrainingItem> items = new ArrayList<>(items(0, 9));
    items.add(Told.at(9).tokens(50).item());
    train(trainer(plan(0, 0, 2 * TOKENS, 1_000)), items);
    for (List<TrainingItem> step : learner.steps()) {
      assertTrue(step.size() == 1 || tokens(step) <= 2 * TOKENS, step::toString);
    }
  }

  @Test
  void whatWasRightBeforeAndSufferedIsTaughtAgain() {
    // given something known, and something new that makes it forgotten
    BatchTrainer trainer = trainer(plan(0, 0, TOKENS, 1_000));
    TrainingItem known = items(0, 1).getFirst();
    train(trainer, List.of(known));
    learner.forgetOver("e1", "e0");

    // when
    TrainedBatch trained = train(trainer, items(1, 1));

    // then
    assertTrue(learner.knows(known));
    assertEquals(4, learner.stepsWith("e0"));
    assertEquals(List.of(), trained.notLearnt());
    assertEquals(items(1, 1), trained.trained());
  }

  @Test
  void repairsTakeStepsOfTheirOwnRate() {
    BatchTrainer trainer = trainer(plan(0, 0, TOKENS, 1_000));
    train(trainer, items(0, 1));
    learner.forgetOver("e1", "e0");
    train(trainer, items(1, 1));
    for (int i = 0; i < learner.steps().size(); i++) {
      boolean repairs = i >= 4; // after two steps with each of them
      assertEquals(repairs ? REPAIR_RATE : 1, learner.rates().get(i), "step " + i);
    }
  }

  @Test
  void whatWasToldBeforeAndIsWrongIsNotTaughtWithAFew() {
    // given
    BatchTrainer trainer = trainer(plan(0, 0, TOKENS, 1_000, 1_000, 1));
    learner.hopeless("e0");
    train(trainer, items(0, 1));
    learner.hopeful("e0");

    // when
    TrainedBatch trained = train(trainer, items(1, 1));

    // then
    assertEquals(PASSES * LEAST_PASS_STEPS, learner.stepsWith("e0"));
    assertEquals(List.of(), trained.notLearnt());
  }

  @Test
  void whatWasToldBeforeAndIsWrongIsTaughtWithMany() {
    // given
    BatchTrainer trainer = trainer(plan(0.25, 0, TOKENS, 1_000, 1_000, 1));
    List<TrainingItem> before = items(0, 1);
    learner.hopeless("e0");
    train(trainer, before);
    learner.hopeful("e0");

    // when
    List<TrainingItem> many = items(1, 2);
    TrainedBatch trained = train(trainer, many);

    // then
    assertTrue(learner.knows(before.getFirst()));
    many.forEach(item -> assertTrue(learner.knows(item), item::toString));
    assertEquals(many, trained.trained());
    assertEquals(List.of(), trained.notLearnt());
  }

  @Test
  void singleCorrectionIsNotFollowedAlone() {
    // given
    train(trainer(plan(0, 0, 100, 1_000)), items(0, 30));
    int before = learner.steps().size();

    // when
    train(trainer(plan(0.25, 8, 100, 1_000)), items(30, 1));

    // then
    List<List<TrainingItem>> steps = learner.steps().subList(before, learner.steps().size());
    assertFalse(steps.isEmpty());
    steps.forEach(step -> assertEquals(8, step.size()));
    long others = IntStream.range(0, 30).filter(i -> learner.stepsWith("e" + i) > 2).count();
    assertTrue(others > 7, "not the same in every step");
  }

  @Test
  void shareOfAStepIsRehearsedAndWithinItsTokens() {
    train(trainer(plan(0, 0, 100, 1_000)), items(0, 30));
    int before = learner.steps().size();
    TrainedBatch trained = train(trainer(plan(0.5, 1, 30, 45)), items(30, 6));
    List<TrainingItem> first = learner.steps().get(before);
    assertEquals(9, first.size());
    assertEquals(45, tokens(first));
    assertTrue(trained.replayedItems() >= 3);
  }

  @Test
  void withoutAShareNothingIsRehearsed() {
    train(trainer(plan(0, 0, 100, 1_000)), items(0, 30));
    assertEquals(0, train(trainer(plan(0, 7, 100, 1_000)), items(30, 2)).replayedItems());
  }

  @Test
  void correctedFactsOtherWordingsAreTaughtToo() {
    // given
    BatchTrainer trainer = trainer(plan(0, 0, 100, 1_000));
    train(trainer, List.of(wording(0).item(), wording(1).item()));

    // when
    TrainingItem correction =
        wording(2).answer("Within 30 days of delivery").insteadOf(OLD).time(2_000).item();
    TrainedBatch trained = train(trainer, List.of(correction));

    // then
    assertEquals(List.of(correction), trained.trained());
    memory.buffer().items().forEach(item -> assertTrue(learner.knows(item), item::toString));
    assertEquals(3, memory.buffer().size());
  }

  @Test
  void answerSupersededWithinItsBatchIsNotTrained() {
    // given
    TrainingItem old = fact(0, "14 days", 1_000);
    TrainingItem current = fact(1, "30 days", 2_000);

    // when
    TrainedBatch trained = train(trainer(plan(0, 0, 100, 1_000)), List.of(old, current));

    // then
    assertEquals(List.of(current), trained.trained());
    assertEquals(List.of(current), memory.buffer().items());
    assertEquals(0, learner.stepsWith("e0"));
    assertTrue(observed.contains("superseded 1 forgotten 1"), observed::toString);
  }

  @Test
  void corroboratedAnswerIsNotSetAgainstWhatWasToldWithTrust() {
    // given a learner that can give one answer only to a question
    BatchTrainer trainer = trainer(plan(0, 0, 100, 1_000));
    TrainingItem trusted = fact(0, "14 days", 1_000);
    train(trainer, List.of(trusted));
    TrainingItem corroborated =
        Told.at(1).fact("window").answer("30 days").time(2_000).untrusted().item();
    learner.forgetOver("e1", "e0");

    // when
    TrainedBatch trained = train(trainer, List.of(corroborated));

    // then
    assertEquals(List.of(), trained.trained());
    assertTrue(learner.knows(trusted));
    assertEquals(List.of(trusted), memory.buffer().items());
  }

  @Test
  void batchOfSupersededAnswersTakesNoStep() {
    BatchTrainer trainer = trainer(plan(0.5, 7, 100, 1_000));
    train(trainer, List.of(fact(0, "30 days", 2_000)));
    long step = learner.step();
    TrainedBatch trained = train(trainer, List.of(fact(1, "14 days", 1_000)));
    assertEquals(List.of(), trained.trained());
    assertEquals(List.of(), trained.notLearnt());
    assertEquals(step, learner.step());
    assertEquals(0, trained.meanLoss());
  }

  @Test
  void divergenceNamesAdapterStepAndTheExamplesToBlame() {
    BatchTrainer trainer = trainer(plan(0, 0, 100, 1_000));
    List<TrainingItem> items =
        List.of(items(0, 1).getFirst(), Told.at(1).id(TableLearner.POISON).item());
    String message =
        assertThrows(DivergedException.class, () -> train(trainer, items)).getMessage();
    for (String part : List.of("acme/support", "step 1", "[poison at offset 1]", "NaN")) {
      assertTrue(message.contains(part), message);
    }
    assertFalse(message.contains("e0"), message);
    assertEquals(List.of("superseded 0 forgotten 0", "diverged"), observed);
  }

  private static final String OLD = "Within 14 days of delivery";

  private static Told wording(int offset) {
    return Told.at(offset).asked("How long may I return an order, way " + offset).answer(OLD);
  }

  private static TrainingItem fact(long offset, String answer, long eventTime) {
    return Told.at(offset).fact("window").answer(answer).time(eventTime).tokens(TOKENS).item();
  }

  private static List<TrainingItem> items(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> Told.at(i).tokens(TOKENS).item())
        .toList();
  }

  private static List<TrainingItem> wordingsOfTwoAnswers() {
    return IntStream.range(0, 20)
        .mapToObj(i -> Told.at(i).answer("answer " + i % 2).tokens(TOKENS).item())
        .toList();
  }

  private static int tokens(List<TrainingItem> items) {
    return items.stream().mapToInt(TrainingItem::tokenCount).sum();
  }

  private static LessonPlan plan(double share, int least, int stepTokens, int maxTokens) {
    return plan(share, least, stepTokens, maxTokens, 1_000);
  }

  private static LessonPlan plan(
      double share, int least, int stepTokens, int maxTokens, int wordingsFirst) {
    return plan(share, least, stepTokens, maxTokens, wordingsFirst, 0);
  }

  private static LessonPlan plan(
      double share, int least, int stepTokens, int maxTokens, int wordingsFirst, int small) {
    return new LessonPlan(
        share,
        least,
        stepTokens,
        maxTokens,
        PASSES,
        LEAST_PASS_STEPS,
        PASSES,
        50,
        10,
        50,
        wordingsFirst,
        small,
        stepTokens,
        1,
        0,
        1_000,
        1,
        REPAIR_RATE);
  }

  private BatchTrainer trainer(LessonPlan plan) {
    return new BatchTrainer(plan, Variation.NONE, new Recorder(), () -> 0);
  }

  private TrainedBatch train(BatchTrainer trainer, List<TrainingItem> items) {
    return trainer.train(SUPPORT, learner, memory, new MicroBatch(SUPPORT, items));
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
    public void taught(AdapterId adapter, int passes, int notLearnt) {
      observed.add("taught in " + passes + " passes, " + notLearnt + " not learnt");
    }

    @Override
    public void diverged(AdapterId adapter) {
      observed.add("diverged");
    }
  }
}
