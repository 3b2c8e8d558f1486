package dev.tributary.trainer.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every replay buffer promises; a new policy inherits these tests. */
abstract class ReplayBufferContractTest {

  abstract ReplayBuffer create(ReplayLimits limits, long seed);

  abstract ReplayBuffer read(StateInput in, ReplayLimits limits) throws IOException;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverHoldsMoreThanItsLimits(long seed) {
    // given tight limits, and random examples of random sizes and facts
    SplittableRandom random = new SplittableRandom(seed);
    ReplayLimits limits = new ReplayLimits(20, 6_000);
    ReplayBuffer buffer = create(limits, seed);

    for (int i = 0; i < 500; i++) {
      // when
      buffer.admit(randomItem(random, i));

      // then
      assertTrue(buffer.size() <= limits.capacityRecords());
      assertTrue(buffer.bytes() <= limits.capacityBytes(), () -> buffer.bytes() + " bytes");
    }
    assertTrue(buffer.size() > 0);
  }

  @Test
  void bytesAreThoseOfWhatItHolds() {
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    // (Untrusted, as the ledger of trusted answers takes its bytes, too.)
    List<TrainingItem> items =
        IntStream.range(0, 50).mapToObj(i -> Told.at(i).untrusted().item()).toList();
    items.forEach(buffer::admit);
    assertEquals(items.stream().mapToLong(TrainingItem::bytes).sum(), buffer.bytes());
    StateOutput one = new StateOutput();
    items.getFirst().write(one);
    assertEquals(one.toByteArray().length, items.getFirst().bytes());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void goesOnAfterRestoringAsIfItHadNotBeen(long seed) throws IOException {
    // given a buffer and its copy by way of bytes, taken somewhere on the way
    SplittableRandom random = new SplittableRandom(seed);
    ReplayLimits limits = new ReplayLimits(15, 5_000);
    ReplayBuffer original = create(limits, seed);
    int before = random.nextInt(100);
    for (int i = 0; i < before; i++) {
      original.admit(randomItem(random, i));
      original.sample(3, 200);
    }
    ReplayBuffer restored = read(new StateInput(bytes(original)), limits);
    assertArrayEquals(bytes(original), bytes(restored));

    for (int i = before; i < before + 100; i++) {
      // when both go on alike
      TrainingItem next = randomItem(random, i);

      // then they stay alike
      assertEquals(original.isSuperseded(next), restored.isSuperseded(next));
      assertEquals(original.admit(next), restored.admit(next));
      assertEquals(original.sample(4, 300), restored.sample(4, 300));
      assertArrayEquals(bytes(original), bytes(restored));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void sameSeedSameBufferAnotherSeedAnother(long seed) {
    byte[] first = bytes(filled(seed));
    assertArrayEquals(first, bytes(filled(seed)));
    assertFalse(Arrays.equals(first, bytes(filled(seed + 100))));
  }

  @Test
  void newerDifferentAnswerRemovesOlderOnes() {
    // given two questions about one fact, another fact, and none
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    TrainingItem old = fact(0, "returns", 14, 1_000);
    TrainingItem paraphrase = fact(1, "returns", 14, 1_500);
    TrainingItem otherFact = fact(2, "hours", 14, 1_000);
    TrainingItem noFact = item(3, null, 14);
    List.of(old, paraphrase, otherFact, noFact).forEach(buffer::admit);

    // when
    TrainingItem current = fact(4, "returns", 30, 2_000);
    int removed = buffer.admit(current);

    // then
    assertEquals(2, removed);
    assertEquals(new HashSet<>(List.of(otherFact, noFact, current)), new HashSet<>(buffer.items()));
    assertTrue(buffer.isSuperseded(old));
    assertFalse(buffer.isSuperseded(current));
  }

  @Test
  void sameAnswerToAFactIsNotSuperseded() {
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    TrainingItem first = fact(0, "returns", 30, 1_000);
    TrainingItem again = fact(1, "returns", 30, 2_000);
    buffer.admit(first);
    assertEquals(0, buffer.admit(again));
    assertEquals(2, buffer.size());
    assertFalse(buffer.isSuperseded(first));
  }

  @Test
  void olderAnswerArrivingLateIsNotTakenIn() {
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    TrainingItem current = fact(0, "returns", 30, 2_000);
    buffer.admit(current);
    TrainingItem late = fact(1, "returns", 14, 1_000);
    assertTrue(buffer.isSuperseded(late));
    assertEquals(0, buffer.admit(late));
    assertEquals(List.of(current), buffer.items());
  }

  @Test
  void logOrderDecidesBetweenAnswersOfTheSameTime() {
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    buffer.admit(fact(0, "returns", 14, 1_000));
    TrainingItem later = fact(1, "returns", 30, 1_000);
    assertEquals(1, buffer.admit(later));
    assertEquals(List.of(later), buffer.items());
  }

  @Test
  void samplesWithoutRepetitionAndWithinTheTokens() {
    // given
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 3);
    IntStream.range(0, 50).forEach(i -> buffer.admit(item(i, null, 0)));

    for (int round = 0; round < 50; round++) {
      // when
      List<TrainingItem> sample = buffer.sample(10, 60);

      // then
      assertEquals(new HashSet<>(sample).size(), sample.size());
      assertTrue(sample.size() <= 10 && !sample.isEmpty());
      assertTrue(sample.stream().mapToInt(TrainingItem::tokenCount).sum() <= 60);
    }
    assertEquals(List.of(), buffer.sample(0, 60));
    assertEquals(List.of(), buffer.sample(10, 0));
    assertEquals(50, buffer.sample(100, 10_000).size());
  }

  @Test
  void exchangedExamplesKeepTheirPlaceAndSupersedeAsAdmittedOnes() {
    // given
    ReplayBuffer buffer = create(new ReplayLimits(100, 1 << 20), 1);
    List<TrainingItem> items = IntStream.range(0, 20).mapToObj(i -> item(i, null, 14)).toList();
    items.forEach(buffer::admit);
    List<TrainingItem> before = buffer.items();
    TrainingItem correction = Told.at(30).answer("30 days").insteadOf("14").time(2_000).item();

    // when
    buffer.replaceAll(item -> item.offset() == 7 ? item.answeredAs(correction, 1_000) : item);

    // then
    List<TrainingItem> after = buffer.items();
    assertEquals(20, after.size());
    for (int i = 0; i < 20; i++) {
      TrainingItem was = before.get(i);
      assertEquals(was.offset() == 7 ? was.answeredAs(correction, 1_000) : was, after.get(i));
    }
    assertTrue(buffer.isSuperseded(items.get(7)));
    assertFalse(buffer.isSuperseded(items.get(8)));
    assertTrue(buffer.bytes() >= after.stream().mapToLong(TrainingItem::bytes).sum());
  }

  @Test
  void exchangedExamplesThatAreTooLargeGiveWay() {
    ReplayLimits limits = new ReplayLimits(100, 10_000);
    ReplayBuffer buffer = create(limits, 1);
    IntStream.range(0, 20).forEach(i -> buffer.admit(item(i, null, 14)));
    TrainingItem large = Told.at(30).answer("y".repeat(900)).time(2_000).item();
    buffer.replaceAll(item -> item.answeredAs(large, 1_000));
    assertTrue(buffer.size() > 0 && buffer.size() < 20);
    assertTrue(buffer.bytes() <= limits.capacityBytes());
  }

  @Test
  void withoutRoomItHoldsNothingAndStillKnowsNoHarm() {
    ReplayBuffer buffer = create(new ReplayLimits(0, 0), 1);
    buffer.admit(fact(0, "returns", 14, 1_000));
    assertEquals(0, buffer.size());
    assertEquals(0, buffer.bytes());
    assertEquals(List.of(), buffer.sample(5, 100));
  }

  @Test
  void tighterLimitsAreMetWhenRestoring() throws IOException {
    ReplayBuffer full = create(new ReplayLimits(100, 1 << 20), 1);
    IntStream.range(0, 80).forEach(i -> full.admit(item(i, null, 0)));
    assertEquals(7, read(new StateInput(bytes(full)), new ReplayLimits(7, 1 << 20)).size());
  }

  static byte[] bytes(ReplayBuffer buffer) {
    StateOutput out = new StateOutput();
    buffer.write(out);
    return out.toByteArray();
  }

  static TrainingItem fact(int offset, String factKey, long answer, long eventTime) {
    return Told.at(offset)
        .fact(factKey)
        .answer("answer " + answer)
        .time(eventTime)
        .tokens(4 + offset % 5)
        .item();
  }

  static TrainingItem item(int offset, String factKey, long answer) {
    return fact(offset, factKey, answer, 1_000);
  }

  private ReplayBuffer filled(long seed) {
    SplittableRandom random = new SplittableRandom(99);
    ReplayBuffer buffer = create(new ReplayLimits(20, 1 << 20), seed);
    IntStream.range(0, 200).forEach(i -> buffer.admit(randomItem(random, i)));
    return buffer;
  }

  private static TrainingItem randomItem(SplittableRandom random, int offset) {
    String key = random.nextInt(3) == 0 ? "fact" + random.nextInt(40) : null;
    Told told =
        Told.at(offset)
            .fact(key)
            .asked("question " + random.nextInt(200))
            .answer("answer " + random.nextInt(3))
            .time(1_000 + random.nextInt(100))
            .tokens(random.nextInt(2, 80));
    return (random.nextInt(4) == 0 ? told.untrusted() : told).item();
  }
}
