package dev.tributary.trainer.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

class ReservoirReplayTest extends ReplayBufferContractTest {

  private static final int SEEDS = 4_000;

  /** Upper 0.1 % point of chi-square with 39 degrees of freedom. */
  private static final double CHI_SQUARE_39 = 72.05;

  @Override
  ReplayBuffer create(ReplayLimits limits, long seed) {
    return new ReservoirReplay(limits, seed);
  }

  @Override
  ReplayBuffer read(StateInput in, ReplayLimits limits) throws IOException {
    return ReservoirReplay.read(in, limits);
  }

  @Test
  void everyExampleIsKeptAsOften() {
    // given 40 examples and room for 10, over many seeds
    long[] kept =
        count(
            seed -> {
              ReplayBuffer buffer = create(new ReplayLimits(10, 1 << 20), seed);
              for (int i = 0; i < 40; i++) {
                buffer.admit(item(i, null, 0));
              }
              return buffer;
            });

    // then
    assertEquals(10L * SEEDS, Arrays.stream(kept).sum());
    assertTrue(chiSquare(kept) < CHI_SQUARE_39, () -> "chi-square " + chiSquare(kept));
  }

  @Test
  void roomLeftBySupersededAnswersDoesNotFavourTheNewest() {
    // given 20 answers to one fact that all give way to a single one, and then 39 other examples
    long[] kept =
        count(
            seed -> {
              ReplayBuffer buffer = create(new ReplayLimits(10, 1 << 20), seed);
              for (int i = 0; i < 19; i++) {
                buffer.admit(item(i, null, 0));
              }
              for (int i = 40; i < 60; i++) {
                buffer.admit(fact(i, "returns", 1, 1_000));
              }
              buffer.admit(fact(60, "returns", 2, 2_000));
              for (int i = 19; i < 40; i++) {
                buffer.admit(item(i, null, 0));
              }
              return buffer;
            });

    // then early and late ones among the others are kept as often
    double early = Arrays.stream(kept, 0, 19).average().orElseThrow();
    double late = Arrays.stream(kept, 19, 40).average().orElseThrow();
    assertEquals(1.0, late / early, 0.05);
  }

  @Test
  void rememberedFactStaysRememberedWithItsNewAnswer() {
    // given a full buffer
    ReplayBuffer buffer = create(new ReplayLimits(10, 1 << 20), 1);
    for (int i = 0; i < 40; i++) {
      buffer.admit(fact(i, "fact" + i, 1, 1_000));
    }
    for (TrainingItem old : buffer.items()) {
      // when
      TrainingItem current = fact(40 + (int) old.offset(), old.claim().factKey(), 2, 2_000);
      assertEquals(1, buffer.admit(current));

      // then
      assertTrue(buffer.items().contains(current));
      assertEquals(10, buffer.size());
    }
  }

  @Test
  void everyExampleIsRehearsedAsOften() {
    // given
    ReplayBuffer buffer = create(new ReplayLimits(40, 1 << 20), 5);
    for (int i = 0; i < 40; i++) {
      buffer.admit(item(i, null, 0));
    }

    // when
    long[] drawn = new long[40];
    for (int i = 0; i < SEEDS; i++) {
      buffer.sample(10, 10_000).forEach(item -> drawn[(int) item.offset()]++);
    }

    // then
    assertTrue(chiSquare(drawn) < CHI_SQUARE_39, () -> "chi-square " + chiSquare(drawn));
  }

  @Test
  void damagedBytesAreNoBuffer() {
    ReplayBuffer buffer = create(new ReplayLimits(10, 1 << 20), 1);
    buffer.admit(fact(0, "returns", 14, 1_000));
    byte[] bytes = bytes(buffer);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(
          IOException.class, () -> read(new StateInput(cut), new ReplayLimits(10, 1 << 20)));
    }
  }

  private static long[] count(LongFunction<ReplayBuffer> filled) {
    long[] kept = new long[40];
    for (long seed = 0; seed < SEEDS; seed++) {
      filled.apply(seed).items().stream()
          .filter(item -> item.offset() < kept.length)
          .forEach(item -> kept[(int) item.offset()]++);
    }
    return kept;
  }

  /**
   * Against equal counts. Draws without repetition vary less than independent ones, by the factor 1
   * - 10/40; dividing by it makes the statistic chi-square with 39 degrees of freedom.
   */
  private static double chiSquare(long[] counts) {
    double expected = (double) Arrays.stream(counts).sum() / counts.length;
    double sum = Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected)).sum();
    return sum / expected / (1 - 10.0 / 40) * (39.0 / 40);
  }
}
