package dev.tributary.app.bench.told;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.ObjectNode;

/**
 * One author sends hundreds of wrong corrections while staff send a few good ones. For one thread.
 *
 * @param faq what is served; at least as many facts as good corrections
 */
record FloodScene(Faq faq) {

  private static final int GOOD = 20;
  private static final int WRONG = 300;
  private static final int ASKED = 50;
  private static final int AT_ONCE = 16;

  /** Lies get this long to do harm, however quiet the loop is. */
  private static final Duration WATCHED = Duration.ofSeconds(30);

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * What came of it.
   *
   * @param lies of the questions that were lied about, answered with the lie: should be none
   * @param good of the facts that staff corrected, answered as corrected
   * @param untouched of the facts that nobody corrected, answered as told
   */
  record Result(long seed, Share lies, Share good, Share untouched, List<Version> versions) {}

  /** A correction to be sent. */
  private record Planned(Line line, String source, String author) {}

  Result play(long seed, Desk desk) {
    List<Planned> plan = plan(seed);
    desk.send(asked(plan, desk));
    Waiting.sleep(WATCHED);
    desk.loop().awaitRest(PATIENCE);
    List<FaqFact> good = faq.facts().subList(0, GOOD);
    List<FaqFact> others = faq.facts().subList(GOOD, faq.facts().size());
    return new Result(
        seed,
        lies(plan, desk),
        desk.share(
            good.stream()
                .map(fact -> new Line(fact.retold().getFirst(), fact.corrections().getFirst()))
                .toList()),
        desk.share(
            others.stream()
                .map(fact -> new Line(fact.retold().getFirst(), fact.answer()))
                .toList()),
        desk.versions());
  }

  private List<Planned> plan(long seed) {
    List<Planned> plan = new ArrayList<>();
    for (FaqFact fact : faq.facts().subList(0, GOOD)) {
      Line line = new Line(fact.retold().getFirst(), fact.corrections().getFirst());
      plan.add(new Planned(line, "agent", "agent-" + plan.size() % 3));
    }
    for (int i = 0; i < WRONG; i++) {
      FaqFact fact = faq.facts().get(i % faq.facts().size());
      int wording = i / faq.facts().size() % fact.told().size();
      Line line = new Line(fact.told().get(wording), fact.corrections().getLast());
      plan.add(new Planned(line, "user", "flooder"));
    }
    Collections.shuffle(plan, new Random(seed));
    return plan;
  }

  /** Everybody asks first, since a correction is of an answer. */
  private static List<ObjectNode> asked(List<Planned> plan, Desk desk) {
    var room = new Semaphore(AT_ONCE);
    try (ExecutorService customers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<ObjectNode>> asked =
          plan.stream()
              .map(
                  planned ->
                      CompletableFuture.supplyAsync(() -> asked(planned, desk, room), customers))
              .toList();
      return asked.stream().map(CompletableFuture::join).toList();
    }
  }

  private static ObjectNode asked(Planned planned, Desk desk, Semaphore room) {
    room.acquireUninterruptibly();
    try {
      String request = desk.ask(planned.line().question()).requestId();
      return desk.correction(request, planned.line().answer(), planned.source(), planned.author());
    } finally {
      room.release();
    }
  }

  private static Share lies(List<Planned> plan, Desk desk) {
    Set<String> asked = new HashSet<>();
    List<Line> lies =
        plan.stream()
            .filter(planned -> planned.source().equals("user"))
            .map(Planned::line)
            .filter(line -> asked.add(line.question()))
            .limit(ASKED)
            .toList();
    return desk.share(lies);
  }
}
