package dev.tributary.app.bench.told;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.runtime.DemoModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The short form of {@code deploy/bench/run told}: default settings, one seed, one {@code up}. How
 * fast it is, the bench says; here a slow machine has time.
 */
class ToldIT {

  private static final long SEED = 1;
  private static final Duration DEADLINE = Duration.ofMinutes(4);
  private static final double CORRECTED_WITHIN_SECONDS = 120;
  private static final int FEWEST_WORDINGS = 6;

  @Test
  void aSmallFaqAndOneCorrectionAreAnsweredAsToldAndAStrangerIsNot() {
    // given
    Faq faq = Faq.of(3, FEWEST_WORDINGS, SEED);
    List<Line> known = new ArrayList<>();

    Up.with(
            DemoModel.directory(),
            endpoints -> {
              try (Desk desk = new Desk(endpoints, Stage.ADAPTER)) {
                known.addAll(ToldCommand.known(desk, 1));

                // when a FAQ is told
                FaqScene.Result told = new FaqScene(faq, known, DEADLINE).play(SEED, desk);

                // then
                assertTrue(told.inTime(), told.toString());
                // None is the aim; one of 33 has been seen to fall.
                assertTrue(told.kept().right() >= told.kept().asked() - 1, told.toString());

                // when somebody nobody knows corrects an answer
                StrangerScene.Result stranger =
                    new StrangerScene(faq, Duration.ofSeconds(5)).play(SEED, desk);

                // then nothing happens
                assertEquals(0, stranger.changed(), stranger.toString());
                assertTrue(stranger.sameVersion(), stranger.toString());
                assertTrue(
                    stranger.correction().startsWith("waiting_for_voices"), stranger.toString());

                // when staff correct one
                CorrectionScene.Result corrected =
                    new CorrectionScene(faq, 1).play(SEED, desk).getFirst();

                // then
                assertTrue(
                    corrected.seconds() != null && corrected.seconds() <= CORRECTED_WITHIN_SECONDS,
                    corrected.toString());
                assertTrue(corrected.others().right() >= 4, corrected.toString());
                assertEquals(0, corrected.changed(), corrected.toString());
                return corrected;
              }
            })
        .orElseThrow();
    assertTrue(known.size() >= 30, "the base answers only " + known.size());
  }
}
