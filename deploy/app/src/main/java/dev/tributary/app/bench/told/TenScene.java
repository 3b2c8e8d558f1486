package dev.tributary.app.bench.told;

import dev.tributary.app.http.TributaryClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Ten corrections at random times, the last of them of a fact that was corrected before. For one
 * thread.
 *
 * @param faq what is served
 * @param span time within which they come
 */
record TenScene(Faq faq, Duration span) {

  private static final int CORRECTIONS = 10;

  /** Which fact is corrected twice. */
  private static final int TWICE = 3;

  private static final int CONTROLS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(500);

  /**
   * What came of it.
   *
   * @param seconds of each correction until it was answered, null where that never was; one that a
   *     newer one of its fact overtook is left out
   * @param newest of the corrected questions, and of five other told wordings of each, answered as
   *     corrected last, at the end
   * @param changed for each version that answered, control questions whose answer was another than
   *     before the first correction, of {@code controls}
   */
  record Result(
      long seed,
      double spanSeconds,
      List<Double> seconds,
      Share newest,
      Share newestWordings,
      List<Integer> changed,
      int controls) {}

  /** A correction of the plan. */
  private record Planned(Duration at, FaqFact fact, String wanted) {}

  /** A correction and when it was live, or null. */
  private record Live(Planned planned, Double seconds) {}

  Result play(long seed, Desk desk) {
    List<Planned> plan = plan(seed);
    List<String> controls =
        faq.facts().stream()
            .skip(CORRECTIONS)
            .flatMap(fact -> fact.told().stream())
            .limit(CONTROLS)
            .toList();
    List<String> before = desk.askAll(controls);
    try (ExecutorService watchers = Executors.newVirtualThreadPerTaskExecutor()) {
      var ended = new CompletableFuture<Void>();
      var changes =
          CompletableFuture.supplyAsync(() -> changes(desk, controls, before, ended), watchers);
      List<Double> seconds = correct(plan, desk, watchers);
      desk.loop().awaitRest(PATIENCE);
      ended.complete(null);
      List<Planned> newest = plan.stream().filter(p -> isNewest(p, plan)).toList();
      return new Result(
          seed,
          span.toMillis() / 1e3,
          seconds,
          desk.share(
              newest.stream()
                  .map(p -> new Line(p.fact().retold().getFirst(), p.wanted()))
                  .toList()),
          desk.share(
              newest.stream()
                  .flatMap(p -> CorrectionScene.otherWordings(p.fact(), p.wanted()).stream())
                  .toList()),
          changes.join(),
          controls.size());
    }
  }

  private List<Planned> plan(long seed) {
    var random = new Random(seed);
    List<Duration> times =
        random
            .doubles(CORRECTIONS)
            .sorted()
            .mapToObj(share -> Duration.ofMillis((long) (share * span.toMillis())))
            .toList();
    return IntStream.range(0, CORRECTIONS)
        .mapToObj(
            i -> {
              boolean again = i == CORRECTIONS - 1;
              FaqFact fact = faq.facts().get(again ? TWICE : i);
              return new Planned(times.get(i), fact, fact.corrections().get(again ? 1 : 0));
            })
        .toList();
  }

  private static boolean isNewest(Planned planned, List<Planned> plan) {
    return plan.stream().filter(p -> p.fact() == planned.fact()).toList().getLast() == planned;
  }

  private static List<Double> correct(List<Planned> plan, Desk desk, ExecutorService watchers) {
    long began = System.nanoTime();
    List<CompletableFuture<Double>> watched = new ArrayList<>();
    for (Planned next : plan) {
      Duration wait = next.at().minusNanos(System.nanoTime() - began);
      if (wait.isPositive()) {
        Waiting.sleep(wait);
      }
      String question = next.fact().retold().getFirst();
      Answer answer = desk.ask(question);
      long sent = System.nanoTime();
      desk.send(List.of(desk.correction(answer.requestId(), next.wanted(), "agent", "agent-1")));
      watched.add(
          CompletableFuture.supplyAsync(
              () -> Watch.until(desk, question, next.wanted(), sent, PATIENCE), watchers));
    }
    return IntStream.range(0, plan.size())
        .mapToObj(i -> new Live(plan.get(i), watched.get(i).join()))
        .filter(live -> live.seconds() != null || isNewest(live.planned(), plan))
        .map(Live::seconds)
        .toList();
  }

  /** Looks at the controls each time another version answers, until it is told to end. */
  private static List<Integer> changes(
      Desk desk, List<String> controls, List<String> before, CompletableFuture<Void> ended) {
    List<Integer> changes = new ArrayList<>();
    int seen = desk.loop().activeVersion();
    while (!ended.isDone()) {
      int active = desk.loop().activeVersion();
      if (active != seen && desk.isAnsweredBy(active, controls.getFirst())) {
        seen = active;
        List<String> now = desk.askAll(controls);
        changes.add(
            (int)
                IntStream.range(0, now.size())
                    .filter(i -> !now.get(i).equals(before.get(i)))
                    .count());
      }
      Waiting.sleep(LOOK);
    }
    return changes;
  }
}
