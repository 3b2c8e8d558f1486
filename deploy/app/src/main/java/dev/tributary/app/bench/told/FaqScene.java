package dev.tributary.app.bench.told;

import java.time.Duration;
import java.util.List;

/**
 * A FAQ is told, and customers ask. For one thread.
 *
 * @param faq what is told
 * @param known what the base answers rightly, to be kept
 * @param deadline by when it should be answered
 */
record FaqScene(Faq faq, List<Line> known, Duration deadline) {

  /** Share of the told questions that counts as learnt. */
  static final double LEARNT = 0.95;

  private static final int SAMPLE = 48;
  private static final int MOST_ASKED = 400;
  private static final Duration LOOK = Duration.ofMillis(500);

  /**
   * What came of it.
   *
   * @param seconds from the broker's last acknowledgement until 95 % of the told questions, in
   *     other greetings and closings, were answered exactly; null if that was not so by the
   *     deadline
   * @param retold of those, once the loop was at rest or the deadline was there
   * @param untold of questions in wordings never told, then
   * @param kept of what the base answered rightly, then
   * @param restSeconds when that was
   */
  record Result(
      long seed,
      int facts,
      int records,
      double deadlineSeconds,
      Double seconds,
      Share retold,
      Share untold,
      Share kept,
      double restSeconds,
      List<Version> versions) {

    boolean inTime() {
      return seconds != null && retold.reaches(LEARNT);
    }
  }

  Result play(long seed, Desk desk) {
    List<Line> told = faq.told();
    desk.tell(told);
    long acknowledged = System.nanoTime();
    Double seconds = untilLearnt(desk, acknowledged);
    Duration left = deadline.minusNanos(System.nanoTime() - acknowledged);
    if (left.isPositive()) {
      desk.loop().awaitRest(left);
    }
    double rest = Waiting.secondsSince(acknowledged);
    return new Result(
        seed,
        faq.facts().size(),
        told.size(),
        deadline.toMillis() / 1e3,
        seconds,
        desk.share(most(faq.retold())),
        desk.share(most(faq.untold())),
        desk.share(known),
        rest,
        desk.versions());
  }

  /** Asks only when another version answers: asking takes the time that training needs. */
  private Double untilLearnt(Desk desk, long acknowledged) {
    List<Line> retold = faq.retold();
    int asked = 0;
    while (System.nanoTime() - acknowledged < deadline.toNanos()) {
      int active = desk.loop().activeVersion();
      if (active != asked && desk.isAnsweredBy(active, retold.getFirst().question())) {
        asked = active;
        double seconds = Waiting.secondsSince(acknowledged);
        if (desk.share(retold.subList(0, Math.min(SAMPLE, retold.size()))).reaches(LEARNT)
            && desk.share(most(retold)).reaches(LEARNT)) {
          return seconds;
        }
      }
      Waiting.sleep(LOOK);
    }
    return null;
  }

  private static List<Line> most(List<Line> lines) {
    return lines.subList(0, Math.min(MOST_ASKED, lines.size()));
  }
}
