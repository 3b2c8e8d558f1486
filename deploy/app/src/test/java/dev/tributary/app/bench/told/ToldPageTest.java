package dev.tributary.app.bench.told;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ToldPageTest {

  private static final List<Version> VERSIONS =
      List.of(new Version("told.desk@v1", "passed", "active", 40, List.of()));

  @Test
  void saysWhatIsMetAndWhatIsNot() {
    // given a FAQ that was learnt, one that was not, and corrections of which one was never live
    ToldReport report =
        new ToldReport(
            "2026-01-02",
            "A processor",
            List.of("avx2"),
            "demo",
            99,
            List.of(faq(3, 12.5, 99), faq(30, null, 98)),
            List.of(),
            List.of(correction(10.0), correction(null)),
            List.of(),
            List.of(
                new StrangerScene.Result(
                    1, 0, 48, true, "waiting_for_voices: a second voice", "no_example")),
            List.of(),
            List.of(joint(3, 8, 20), joint(3, 16, 22)));

    // when
    String page = ToldPage.of(report);

    // then
    assertTrue(
        page.contains("right within 60 s | 1 of 1 seeds; p50 12.5 s, most 12.5 s | yes |"), page);
    assertTrue(page.contains("| 0 of 1 seeds; p50 never, most never | **no** |"), page);
    assertTrue(
        page.contains(
            "30 facts: what the base answered rightly stays right | 98 of 99 (99.0 %) | **no** |"),
        page);
    assertTrue(page.contains("21 of 25 (84.0 %); joint: 22 of 25 (88.0 %) | **no** |"), page);
    assertTrue(page.contains("p50 10.0 s, p95 never, 1 of 2 | **no** |"), page);
    assertTrue(page.contains("nothing served on one unknown voice | 1 of 1 seeds | yes |"), page);
    assertTrue(page.contains("waiting_for_voices: a second voice"), page);
  }

  @Test
  void whatNeverEndedIsTheLongest() {
    List<Double> seconds = Arrays.asList(3.0, null, 1.0, 2.0);

    assertEquals(Optional.of(2.0), Seconds.quantile(seconds, 0.5));
    assertEquals(Optional.of(3.0), Seconds.quantile(seconds, 0.75));
    assertEquals(Optional.empty(), Seconds.quantile(seconds, 0.95));
  }

  private static FaqScene.Result faq(int facts, Double seconds, int kept) {
    Share retold = new Share(seconds == null ? 10 : 49, 50);
    return new FaqScene.Result(
        1, facts, 50, 60, seconds, retold, new Share(21, 25), new Share(kept, 99), 20, VERSIONS);
  }

  private static CorrectionScene.Result correction(Double seconds) {
    return new CorrectionScene.Result(1, "price", seconds, new Share(4, 5), 0, 50, "served", "");
  }

  private static JointTraining.Result joint(int facts, int r, int untold) {
    return new JointTraining.Result(
        1, facts, r, 1e-3, 150, 9, new Share(50, 50), new Share(untold, 25), new Share(60, 99));
  }
}
