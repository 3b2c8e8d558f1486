package dev.tributary.app.cli.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.app.cli.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineProgressTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Instant now = Instant.EPOCH;

  @Test
  void printsALineEveryTenSecondsAndOneAtTheEnd() {
    // given
    Console console = new Console(System.out, new PrintStream(err, true), false, false, false);

    // when forty steps take a second each
    try (Progress progress = Progress.start(console, "tune", 40, "step", () -> now)) {
      for (int step = 1; step <= 35; step++) {
        now = now.plusSeconds(1);
        progress.update(step, "");
      }
    }

    // then
    List<String> lines = err.toString().lines().toList();
    assertEquals(
        List.of(
            "tune:  25%|| 10/40 [00:10<00:30, 1.00step/s]",
            "tune:  50%|| 20/40 [00:20<00:20, 1.00step/s]",
            "tune:  75%|| 30/40 [00:30<00:10, 1.00step/s]",
            "tune:  87%|| 35/40 [00:35<00:05, 1.00step/s]"),
        lines);
  }
}
