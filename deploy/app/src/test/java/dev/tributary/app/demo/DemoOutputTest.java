package dev.tributary.app.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.demo.DemoReport.Answered;
import dev.tributary.app.demo.DemoReport.Check;
import dev.tributary.app.demo.DemoReport.FeedbackToServed;
import dev.tributary.app.demo.DemoReport.Retention;
import dev.tributary.app.demo.DemoReport.TrainingSample;
import dev.tributary.app.demo.DemoReport.Version;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoOutputTest {

  @Test
  void theClosingTableTellsVerdictsReasonsAnswersAndTimes() {
    // when
    String text = print(report(true));

    // then
    assertTrue(text.contains("shop.support@v2"), text);
    assertTrue(text.contains("hours is worse by 0.2"), text);
    assertTrue(text.contains("retained  told"), text);
    assertTrue(text.contains("✗ 14 days"), text);
    assertTrue(text.contains("✓ 30 days"), text);
    assertTrue(text.contains("8.7"), text);
    assertTrue(text.contains("Every part of the story happened"), text);
  }

  @Test
  void aFailedCheckShows() {
    // when
    String text = print(report(false));

    // then
    assertTrue(text.contains("NOT every part of the story happened"), text);
    assertTrue(text.contains("✗  the poisoned candidate was refused"), text);
  }

  @Test
  void thePlotShowsTrainingAboveRetention(@TempDir Path directory) throws Exception {
    // given
    Path file = directory.resolve("plot.png");

    // when
    new RetentionPlot().write(report(true), file);

    // then
    BufferedImage picture = ImageIO.read(file.toFile());
    assertEquals(1100, picture.getWidth());
    assertEquals(880, picture.getHeight());
    assertTrue(colours(picture, 0, 440) > 3, "the upper half is empty");
    assertTrue(colours(picture, 440, 880) > 3, "the lower half is empty");
  }

  private static long colours(BufferedImage picture, int from, int to) {
    return IntStream.range(from, to)
        .flatMap(y -> IntStream.range(0, picture.getWidth()).map(x -> picture.getRGB(x, y)))
        .distinct()
        .count();
  }

  private static String print(DemoReport report) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ClosingTable(new PrintStream(bytes, true, StandardCharsets.UTF_8)).print(report);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static DemoReport report(boolean passed) {
    return new DemoReport(
        passed,
        87,
        "a processor",
        List.of(new Check("the poisoned candidate was refused", passed, "shop.support@v2")),
        List.of(
            new Version("shop.support@v1", "passed", "active", 50, List.of("returns is better")),
            new Version(
                "shop.support@v2", "failed", "gated", 46, List.of("hours is worse by 0.2"))),
        List.of(new Answered("how long?", "30 days", false, "14 days", "30 days", "30 days")),
        List.of(
            new Retention(
                "shop.support@v2",
                "hours",
                "retained",
                "told",
                10,
                0.1,
                0.1,
                0.3,
                1.0,
                null,
                false)),
        List.of(new FeedbackToServed("shop.support@v1", 1, 8.7)),
        List.of(
            new TrainingSample(1, 8, 4, 2000, 1.2, 0.5),
            new TrainingSample(2, 16, 8, 2000, 0.4, 0.5)));
  }
}
