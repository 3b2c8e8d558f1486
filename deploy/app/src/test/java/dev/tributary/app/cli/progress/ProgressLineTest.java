package dev.tributary.app.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private final ProgressLine line = new ProgressLine("tune", "step");

  @Test
  void looksLikeTqdm() {
    assertEquals(
        "tune:  42%|████▏     | 42/100 [00:21<00:29, 2.00step/s, loss=1.23]",
        line.render(42, 100, Duration.ofSeconds(21), "loss=1.23", 66));
  }

  @Test
  void leavesTheBarOutWhereThereIsNoRoom() {
    assertEquals(
        "tune: 100%|| 7/7 [1:00:00<00:00, 514.29s/step]",
        line.render(7, 7, Duration.ofHours(1), "", 0));
  }

  @Test
  void saysHowManyWhereTheEndIsUnknown() {
    assertEquals(
        "tune: 5step [00:10, 2.00s/step]", line.render(5, -1, Duration.ofSeconds(10), "", 80));
  }

  @Test
  void neverBreaksBeforeTheFirstStep() {
    assertTrue(line.render(0, 10, Duration.ZERO, "", 80).endsWith("| 0/10 [00:00<?, ?step/s]"));
  }
}
