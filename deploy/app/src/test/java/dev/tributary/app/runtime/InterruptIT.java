package dev.tributary.app.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of what is not {@code up}. */
class InterruptIT {

  private static final int STOP_SECONDS = 6;

  @TempDir Path directory;

  @Test
  void anInterruptedDemoLeavesNoBrokerAndTellsNoError() throws Exception {
    // given a demo in the middle of its first act
    Path errors = directory.resolve("err");
    try (UpProcess demo =
        UpProcess.command(errors, "demo", "--out", directory.resolve("out").toString())) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> demo.errorText().contains("1. The shop's FAQ arrives"));
      ProcessHandle broker = demo.broker();

      // when
      demo.interrupt();

      // then
      assertNotEquals(-1, demo.awaitExit(STOP_SECONDS), demo.errorText());
      Awaitility.await().atMost(Duration.ofSeconds(2)).until(() -> !broker.isAlive());
      assertFalse(demo.errorText().contains("tributary: "), demo.errorText());
      assertFalse(demo.errorText().contains("\tat "), demo.errorText());
    }
  }

  @Test
  void anInterruptedBrokerEnds() throws Exception {
    // given
    Path errors = directory.resolve("err");
    try (UpProcess broker =
        UpProcess.command(
            errors, "broker", "--dir", directory.resolve("data").toString(), "--port", "0")) {
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> broker.hasChild());
      ProcessHandle child = broker.broker();

      // when
      broker.interrupt();

      // then
      assertNotEquals(-1, broker.awaitExit(STOP_SECONDS), broker.errorText());
      // In the middle of its start the child may take all of its 3.5 seconds to end by itself.
      Awaitility.await().atMost(Duration.ofSeconds(STOP_SECONDS)).until(() -> !child.isAlive());
    }
  }
}
