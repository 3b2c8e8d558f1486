package dev.tributary.trainer.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SavedRandomTest {

  /** First outputs of Vigna's splitmix64.c for the seed 1234567. */
  private static final long[] REFERENCE = {
    6457827717110365317L, 3203168211198807973L, -8629252141511181193L
  };

  @Test
  void isSplitMix64() {
    SavedRandom random = new SavedRandom(1234567);
    for (long expected : REFERENCE) {
      assertEquals(expected, random.nextLong());
    }
  }

  @Test
  void goesOnAfterSaving() throws IOException {
    SavedRandom original = new SavedRandom(5);
    original.nextLong();
    StateOutput out = new StateOutput();
    original.write(out);
    SavedRandom restored = SavedRandom.read(new StateInput(out.toByteArray()));
    assertEquals(original.nextLong(), restored.nextLong());
  }

  @Test
  void boundedNumbersCoverTheirRangeOnly() {
    SavedRandom random = new SavedRandom(5);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      int draw = random.nextInt(7);
      assertTrue(draw >= 0 && draw < 7);
      seen.add(draw);
    }
    assertEquals(7, seen.size());
    assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
  }

  @Test
  void purposesHaveSeedsOfTheirOwn() {
    assertNotEquals(
        SavedRandom.derive(1, "learner acme/support"), SavedRandom.derive(1, "learner acme/sales"));
    assertNotEquals(SavedRandom.derive(1, "replay a/b"), SavedRandom.derive(2, "replay a/b"));
    assertEquals(SavedRandom.derive(1, "replay a/b"), SavedRandom.derive(1, "replay a/b"));
  }
}
