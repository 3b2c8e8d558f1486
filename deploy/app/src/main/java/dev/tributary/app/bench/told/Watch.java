package dev.tributary.app.bench.told;

import java.time.Duration;

/** Looks how long something takes. */
final class Watch {

  private static final Duration LOOK = Duration.ofMillis(200);

  private Watch() {}

  /**
   * Asks again and again until the answer is the wanted one.
   *
   * @param since nano time the seconds are counted from
   * @return seconds, or null if the wanted answer did not come in time
   */
  static Double until(Desk desk, String question, String wanted, long since, Duration patience) {
    while (System.nanoTime() - since < patience.toNanos()) {
      if (desk.ask(question).text().strip().equals(wanted)) {
        return Waiting.secondsSince(since);
      }
      Waiting.sleep(LOOK);
    }
    return null;
  }
}
