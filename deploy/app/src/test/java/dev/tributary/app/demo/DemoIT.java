package dev.tributary.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.Cli;
import dev.tributary.app.cli.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole loop, as the demo plays it. */
class DemoIT {

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void everyPartOfTheStoryHappens(@TempDir Path directory) throws Exception {
    // given
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(stream(out), stream(err), false, false, false);

    // when
    int exitCode = new Cli(console).execute("demo", "--out", directory.toString());

    // then
    String told = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
    assertEquals(0, exitCode, told);
    JsonNode report = new JsonMapper().readTree(Files.readString(directory.resolve("report.json")));
    assertTrue(report.path("passed").asBoolean(), told);
    assertTrue(report.path("checks").size() >= 14, told);
    assertTrue(Files.size(directory.resolve("loss-and-retention.png")) > 10_000);
    assertFalse(Files.exists(directory.resolve("state")), "the state should be gone");
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
