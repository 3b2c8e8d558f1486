package dev.tributary.trainer.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.pack.Claim;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MemoryTest {

  private static final ReplayLimits LIMITS = new ReplayLimits(100, 1 << 20);
  private static final int MAX_TOKENS = 200;

  private static final String QUESTION = "How long may I return an order?";
  private static final String WORDING = "Hello, how long may one return something?";
  private static final String OTHER_WORDING = "May I return an order after a week? Thanks!";
  private static final String OLD = "Within 14 days of the delivery.";
  private static final String NEW = "Within 30 days of the delivery.";
  private static final String NEWEST = "Within 45 days of the delivery.";

  private final Memory memory = memory(List.of());

  @Test
  void correctionChangesTheOtherWordingsOfItsFact() {
    // given two wordings of a fact, and another fact
    TrainingItem told = Told.at(0).asked(QUESTION).answer(OLD).item();
    TrainingItem wording = Told.at(1).asked(WORDING).answer(OLD).item();
    TrainingItem other = Told.at(2).asked("When do you open?").answer("At nine o'clock.").item();
    memory.admit(List.of(told, wording, other));

    // when
    TrainingItem correction = correction(3, OTHER_WORDING, OLD, NEW, 2_000);
    Memory.Admission admitted = memory.admit(List.of(correction));

    // then
    assertEquals(List.of(correction), admitted.current());
    assertEquals(
        Map.of("e0", NEW, "e1", NEW, "e2", "At nine o'clock.", "e3", NEW), answers(memory));
    TrainingItem changed = remembered(memory, "e1");
    assertEquals(wording.claim().question(), changed.claim().question());
    assertEquals("r1", changed.recordId());
    assertEquals(
        WORDING + NEW,
        Arrays.stream(changed.tokens().inputIds())
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString());
    assertEquals(NEW.length(), changed.tokens().supervisedCount());
  }

  @Test
  void answerThatManyQuestionsHaveTiesNoneOfThem() {
    // given
    memory.admit(
        List.of(
            Told.at(0).asked("Do you ship to Norway?").answer("Yes.").item(),
            Told.at(1).asked("Do you ship to Spain?").answer("Yes.").item(),
            Told.at(2).asked(QUESTION).answer("Please call our service team.").item(),
            Told.at(3)
                .asked("Where is my parcel?")
                .answer("Please call our service team.")
                .item()));

    // when
    memory.admit(
        List.of(
            correction(4, "Do you ship to Norway?", "Yes.", "No.", 2_000),
            correction(5, QUESTION, "Please call our service team.", NEW, 2_000)));

    // then
    assertEquals(
        Map.of("e1", "Yes.", "e3", "Please call our service team.", "e4", "No.", "e5", NEW),
        answers(memory));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void secondCorrectionWinsThoughItWasGivenTheOldestAnswer(boolean atOnce) {
    // given a fact, and a correction that no served version has learnt yet
    memory.admit(
        List.of(
            Told.at(0).asked(QUESTION).answer(OLD).item(),
            Told.at(1).asked(WORDING).answer(OLD).item()));
    TrainingItem first = correction(2, OTHER_WORDING, OLD, NEW, 2_000);
    TrainingItem second = correction(3, OTHER_WORDING, OLD, NEWEST, 3_000);

    // when
    List<TrainingItem> taught;
    if (atOnce) {
      taught = memory.admit(List.of(first, second)).taught();
    } else {
      memory.admit(List.of(first));
      taught = memory.admit(List.of(second)).taught();
    }

    // then
    assertEquals(Map.of("e0", NEWEST, "e1", NEWEST, "e3", NEWEST), answers(memory));
    assertEquals(answers(memory), answers(taught));
  }

  @Test
  void wordingAnsweredAnewInTheSameBatchIsNotTaughtTheCorrection() {
    // given
    memory.admit(List.of(Told.at(0).asked(QUESTION).answer(OLD).item()));

    // when a correction changes it, and then it is told something else itself
    Memory.Admission admitted =
        memory.admit(
            List.of(
                correction(1, WORDING, OLD, NEW, 2_000),
                Told.at(2).asked(QUESTION).answer(NEWEST).time(3_000).item()));

    // then
    assertEquals(Map.of("e1", NEW, "e2", NEWEST), answers(admitted.taught()));
    assertEquals(Map.of("e1", NEW, "e2", NEWEST), answers(memory));
  }

  @Test
  void exampleCorrectedInItsOwnBatchIsTaughtTheCorrectionAlone() {
    TrainingItem told = Told.at(0).asked(QUESTION).answer(OLD).item();
    Memory.Admission admitted =
        memory.admit(List.of(told, correction(1, WORDING, OLD, NEW, 2_000)));
    assertEquals(Map.of("e0", NEW, "e1", NEW), answers(admitted.taught()));
    assertEquals(told, admitted.current().getFirst(), "as it was told");
    assertEquals(0, admitted.superseded());
  }

  @Test
  void wordingsOfTheSameMomentAreChangedToo() {
    Memory.Admission admitted =
        memory.admit(
            List.of(
                Told.at(0).asked(QUESTION).answer(OLD).item(),
                correction(1, WORDING, OLD, NEW, 1_000)));
    assertEquals(Map.of("e0", NEW, "e1", NEW), answers(admitted.taught()));
    assertEquals(Map.of("e0", NEW, "e1", NEW), answers(memory));
  }

  @Test
  void oldAnswerArrivingAfterTheCorrectionOfItsWordingIsSuperseded() {
    // given a wording that a correction changed
    memory.admit(List.of(Told.at(0).asked(QUESTION).answer(OLD).item()));
    memory.admit(List.of(correction(1, WORDING, OLD, NEW, 5_000)));

    // when its old answer, older than the correction, arrives once more
    Memory.Admission late =
        memory.admit(List.of(Told.at(2).asked(QUESTION).answer(OLD).time(3_000).item()));

    // then
    assertEquals(1, late.superseded());
    assertEquals(Map.of("e0", NEW, "e1", NEW), answers(memory));
  }

  @Test
  void corroboratedAnswerReplacesNothing() {
    memory.admit(
        List.of(
            Told.at(0).asked(QUESTION).answer(OLD).item(),
            Told.at(1).asked(WORDING).answer(OLD).item()));
    Memory.Admission admitted =
        memory.admit(
            List.of(
                Told.at(2)
                    .asked(OTHER_WORDING)
                    .answer(NEW)
                    .insteadOf(OLD)
                    .time(2_000)
                    .untrusted()
                    .item()));
    assertEquals(admitted.current(), admitted.taught());
    assertEquals(0, admitted.forgotten());
    assertEquals(Map.of("e0", OLD, "e1", OLD, "e2", NEW), answers(memory));
  }

  @Test
  void laterAnswerToTheSameQuestionWinsInAFaqThatContradictsItself() {
    Memory.Admission admitted =
        memory.admit(
            List.of(
                Told.at(0).asked(QUESTION).answer(OLD).item(),
                Told.at(1).asked("how LONG may I return an order").answer(NEW).item()));
    assertEquals(1, admitted.superseded());
    assertEquals(Map.of("e1", NEW), answers(admitted.current()));
    assertEquals(Map.of("e1", NEW), answers(memory));
  }

  @Test
  void logOrderDecidesBetweenTwoAnswersOfOneMoment() {
    memory.admit(List.of(correction(0, QUESTION, OLD, NEW, 2_000)));
    memory.admit(List.of(correction(1, QUESTION, OLD, NEWEST, 2_000)));
    assertEquals(Map.of("e1", NEWEST), answers(memory));
  }

  @Test
  void whatTheBaseKnewIsDroppedWhereItContradicts() {
    // given
    Memory knowing =
        memory(List.of(own("own-0", QUESTION, OLD), own("own-1", "Capital of Norway?", "Oslo.")));

    // when
    knowing.admit(List.of(Told.at(0).asked(QUESTION + " Please.").answer(NEW).item()));

    // then
    assertEquals(
        Map.of("own-1", "Oslo.", "e0", NEW), answers(knowing.rehearsal(List.of(), 10, 1_000)));
  }

  @Test
  void whatTheBaseKnewRightlyStays() {
    Memory knowing = memory(List.of(own("own-0", QUESTION, OLD)));
    knowing.admit(List.of(Told.at(0).asked(QUESTION + " Please.").answer(OLD).item()));
    assertEquals(Map.of("own-0", OLD, "e0", OLD), answers(knowing.rehearsal(List.of(), 10, 1_000)));
  }

  @Test
  void whatAnUntrustedVoiceSaysDropsNothing() {
    Memory knowing = memory(List.of(own("own-0", QUESTION, OLD)));
    knowing.admit(List.of(Told.at(0).asked(QUESTION).answer(NEW).untrusted().item()));
    assertEquals(OLD, answers(knowing.rehearsal(List.of(), 10, 1_000)).get("own-0"));
  }

  @Test
  void correctionChangesWhatTheBaseKnewOfItsFact() {
    // given
    Memory knowing =
        memory(List.of(own("own-0", QUESTION, OLD), own("own-1", "Capital of Norway?", "Oslo.")));

    // when
    Memory.Admission admitted = knowing.admit(List.of(correction(0, WORDING, OLD, NEW, 2_000)));

    // then it is taught now, and remembered like what was told
    assertEquals(Map.of("own-0", NEW, "e0", NEW), answers(admitted.taught()));
    assertEquals(Map.of("own-0", NEW, "e0", NEW), answers(knowing));
    assertEquals(
        Map.of("own-0", NEW, "own-1", "Oslo.", "e0", NEW),
        answers(knowing.rehearsal(List.of(), 10, 1_000)));
  }

  @Test
  void twoThirdsOfWhatIsRehearsedAreWhatTheBaseKnew() {
    Memory knowing =
        memory(
            IntStream.range(0, 20)
                .mapToObj(i -> own("own-" + i, "Capital of land " + i + "?", "City " + i))
                .toList());
    knowing.admit(IntStream.range(100, 120).mapToObj(i -> Told.at(i).tokens(5).item()).toList());
    List<TrainingItem> rehearsed = knowing.rehearsal(List.of(), 12, 10_000);
    assertEquals(12, new HashSet<>(rehearsed).size());
    assertEquals(8, rehearsed.stream().filter(item -> item.exampleId().startsWith("own-")).count());
    List<TrainingItem> tight = knowing.rehearsal(List.of(), 12, 60);
    assertTrue(tight.stream().mapToInt(TrainingItem::tokenCount).sum() <= 60, tight::toString);
    assertEquals(List.of(), knowing.rehearsal(List.of(), 12, -5));
  }

  @Test
  void quarterOfWhatIsRehearsedIsNear() {
    Memory knowing = memory(List.of());
    List<TrainingItem> told =
        IntStream.range(0, 100).mapToObj(i -> Told.at(i).tokens(5).item()).toList();
    knowing.admit(told);
    Set<TrainingItem> near = new HashSet<>(told.subList(0, 3));
    for (int i = 0; i < 5; i++) {
      List<TrainingItem> rehearsed = knowing.rehearsal(told.subList(0, 3), 12, 10_000);
      assertEquals(12, rehearsed.size());
      assertTrue(near.containsAll(rehearsed.subList(0, 3)), rehearsed::toString);
    }
    List<TrainingItem> tight = knowing.rehearsal(told.subList(0, 3), 12, 22);
    assertTrue(tight.stream().mapToInt(TrainingItem::tokenCount).sum() <= 22, tight::toString);
  }

  @Test
  void toldBeforeAreThoseNotTaughtNow() {
    memory.admit(List.of(Told.at(0).item(), Told.at(1).item()));
    assertEquals(List.of(Told.at(1).item()), memory.toldBut(List.of(Told.at(0).item()), 10));
  }

  @Test
  void nearestAreAskedMostAlike() {
    // given
    TrainingItem zoo = Told.at(0).asked("Who runs the zoo?").answer("Ms Ito.").item();
    TrainingItem ferry = Told.at(1).asked("Who runs the ferry then?").answer("Mr Orr.").item();
    TrainingItem price = Told.at(2).asked("Price of the ferry ticket?").answer("9.").item();
    TrainingItem other = Told.at(3).asked("May dogs come?").answer("Yes.").item();
    Memory knowing = memory(List.of(own("own-0", "Who runs the zoo today?", "Nobody.")));
    knowing.admit(List.of(zoo, ferry, price, other));

    // when
    List<TrainingItem> nearest = knowing.nearest(List.of(zoo), 10);

    // then what the base knew counts too, if nothing told contradicts it
    assertEquals(List.of(ferry, price), nearest);
    assertEquals(List.of(ferry), knowing.nearest(List.of(zoo), 1));
    assertEquals(List.of(), knowing.nearest(List.of(), 10));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void goesOnAfterRestoringAsIfItHadNotBeen(long seed) throws IOException {
    // given a memory that has seen all kinds of things, and its copy by way of bytes
    SplittableRandom random = new SplittableRandom(seed);
    List<TrainingItem> own =
        List.of(own("own-0", QUESTION, OLD), own("own-1", "Capital of Norway?", "Oslo."));
    Memory original = memory(own);
    for (int i = 0; i < 30; i++) {
      original.admit(List.of(random(random, i)));
      original.rehearsal(List.of(), 4, 300);
      original.shuffled(original.toldBut(List.of(), 5));
    }
    Memory restored = Memory.read(new StateInput(bytes(original)), LIMITS, () -> own, MAX_TOKENS);
    assertArrayEquals(bytes(original), bytes(restored));

    for (int i = 30; i < 60; i++) {
      // when both go on alike
      List<TrainingItem> next = List.of(random(random, i));

      // then they stay alike
      assertEquals(original.admit(next), restored.admit(next));
      assertEquals(original.rehearsal(List.of(), 4, 300), restored.rehearsal(List.of(), 4, 300));
      assertEquals(original.toldBut(next, 3), restored.toldBut(next, 3));
      assertEquals(original.known(2), restored.known(2));
      assertEquals(original.shuffled(next), restored.shuffled(next));
      assertArrayEquals(bytes(original), bytes(restored));
    }
  }

  @Test
  void damagedBytesAreNoMemory() {
    memory.admit(List.of(Told.at(0).item()));
    byte[] bytes = bytes(memory);
    for (int length = 0; length < bytes.length; length++) {
      StateInput cut = new StateInput(Arrays.copyOf(bytes, length));
      assertThrows(IOException.class, () -> Memory.read(cut, LIMITS, List::of, MAX_TOKENS));
    }
  }

  @Test
  void wordingThatGetsALongAnswerIsCutAtTheLeftOfItsPrompt() {
    Memory small = Memory.fresh(LIMITS, List::of, 40, 1);
    small.admit(List.of(Told.at(0).asked(QUESTION).answer(OLD).item()));
    small.admit(List.of(correction(1, QUESTION + "?", OLD, "x".repeat(30), 2_000)));
    small.admit(List.of(Told.at(2).asked(WORDING).answer("x".repeat(30)).item()));
    small.admit(List.of(correction(3, QUESTION, "x".repeat(30), "y".repeat(30), 3_000)));
    assertFalse(small.buffer().items().isEmpty());
    small.buffer().items().stream()
        .filter(item -> item.claim().answer() == Claim.digest("y".repeat(30)))
        .filter(item -> !item.exampleId().equals("e3"))
        .forEach(item -> assertEquals(40, item.tokenCount()));
  }

  private static TrainingItem correction(
      long offset, String question, String given, String answer, long eventTime) {
    return Told.at(offset).asked(question).answer(answer).insteadOf(given).time(eventTime).item();
  }

  private static TrainingItem own(String id, String question, String answer) {
    return Told.at(-1)
        .id(id)
        .asked(question)
        .answer(answer)
        .untrusted()
        .time(Long.MIN_VALUE)
        .item();
  }

  private static TrainingItem random(SplittableRandom random, int offset) {
    List<String> questions = List.of(QUESTION, WORDING, OTHER_WORDING, "Number " + offset + "?");
    List<String> answers = List.of(OLD, NEW, NEWEST);
    Told told =
        Told.at(offset)
            .asked(questions.get(random.nextInt(4)))
            .answer(answers.get(random.nextInt(3)))
            .time(1_000 + random.nextInt(30));
    if (random.nextInt(3) == 0) {
      told.insteadOf(answers.get(random.nextInt(3)));
    }
    return (random.nextInt(4) == 0 ? told.untrusted() : told).item();
  }

  private static Memory memory(List<TrainingItem> ownAnswers) {
    return Memory.fresh(LIMITS, () -> ownAnswers, MAX_TOKENS, 7);
  }

  private static TrainingItem remembered(Memory memory, String id) {
    return memory.buffer().items().stream()
        .filter(item -> item.exampleId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> answers(Memory memory) {
    return answers(memory.buffer().items());
  }

  private static Map<String, String> answers(List<TrainingItem> items) {
    Map<String, String> answers = new TreeMap<>();
    items.forEach(item -> answers.put(item.exampleId(), item.claim().answerText()));
    return answers;
  }

  private static byte[] bytes(Memory memory) {
    StateOutput out = new StateOutput();
    memory.write(out);
    return out.toByteArray();
  }
}
