package dev.tributary.app.bench.told;

import dev.tributary.foundation.AdapterId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sets up each scene and plays it: an empty {@code up}, and what must have been told before. For
 * one thread.
 *
 * @param base directory of the base model
 * @param known what the base answers rightly
 * @param before gets what came of the FAQ that is told before a scene: without it, the scene says
 *     nothing
 */
record Stage(Path base, List<Line> known, Consumer<FaqScene.Result> before) {

  static final AdapterId ADAPTER = new AdapterId("told", "desk");

  private static final Duration DEADLINE_3 = Duration.ofSeconds(60);
  private static final Duration DEADLINE_30 = Duration.ofMinutes(3);
  private static final Duration DEADLINE_200 = Duration.ofMinutes(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int FACTS_BEFORE = 30;

  /** So that five others are left beside the one that is corrected. */
  private static final int FEWEST_WORDINGS = 6;

  Optional<FaqScene.Result> faq(int facts, long seed) {
    FaqScene scene = new FaqScene(Faq.of(facts, seed), known, deadline(facts));
    return onEmpty(base, desk -> scene.play(seed, desk));
  }

  Optional<List<CorrectionScene.Result>> correction(int facts, int corrections, long seed) {
    return afterFaq(
        facts, seed, (faq, desk) -> new CorrectionScene(faq, corrections).play(seed, desk));
  }

  Optional<TenScene.Result> ten(Duration span, long seed) {
    return afterFaq(FACTS_BEFORE, seed, (faq, desk) -> new TenScene(faq, span).play(seed, desk));
  }

  Optional<StrangerScene.Result> stranger(Duration wait, long seed) {
    return afterFaq(3, seed, (faq, desk) -> new StrangerScene(faq, wait).play(seed, desk));
  }

  Optional<FloodScene.Result> flood(long seed) {
    return afterFaq(FACTS_BEFORE, seed, (faq, desk) -> new FloodScene(faq).play(seed, desk));
  }

  private <T> Optional<T> afterFaq(int facts, long seed, BiFunction<Faq, Desk, T> scene) {
    Faq faq = Faq.of(facts, FEWEST_WORDINGS, seed);
    return onEmpty(
        base,
        desk -> {
          before.accept(new FaqScene(faq, List.of(), deadline(facts)).play(seed, desk));
          desk.loop().awaitRest(PATIENCE);
          return scene.apply(faq, desk);
        });
  }

  /** Something done at an empty desk. */
  static <T> Optional<T> onEmpty(Path base, Function<Desk, T> scene) {
    return Up.with(
        base,
        endpoints -> {
          try (Desk desk = new Desk(endpoints, ADAPTER)) {
            return scene.apply(desk);
          }
        });
  }

  private static Duration deadline(int facts) {
    return facts <= 3 ? DEADLINE_3 : facts <= FACTS_BEFORE ? DEADLINE_30 : DEADLINE_200;
  }
}
