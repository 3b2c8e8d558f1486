package dev.tributary.app.bench.told;

import dev.tributary.app.http.TributaryClient.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * After a FAQ is served, staff correct one answer, and when that is live another. For one thread.
 *
 * @param faq what is served, each fact told in 6 wordings or more
 * @param corrections how many answers are corrected, of as many facts
 */
record CorrectionScene(Faq faq, int corrections) {

  static final int OTHER_WORDINGS = 5;

  private static final int CONTROLS = 50;
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /**
   * What came of one correction.
   *
   * @param seconds from sending it until the question was answered as corrected; null if it never
   *     was
   * @param others of the fact's other told wordings, then
   * @param changed other told questions whose answer was another one then, of {@code controls}
   * @param status what the record's trail says at the end
   * @param waitsFor what it waits for, or an empty text
   */
  record Result(
      long seed,
      String attribute,
      Double seconds,
      Share others,
      int changed,
      int controls,
      String status,
      String waitsFor) {}

  List<Result> play(long seed, Desk desk) {
    List<Line> controls =
        faq.facts().stream()
            .skip(corrections)
            .flatMap(fact -> fact.told().stream().map(told -> new Line(told, fact.answer())))
            .limit(CONTROLS)
            .toList();
    List<Result> results = new ArrayList<>();
    for (FaqFact fact : faq.facts().subList(0, corrections)) {
      results.add(correct(seed, fact, controls.stream().map(Line::question).toList(), desk));
      desk.loop().awaitRest(PATIENCE);
    }
    return results;
  }

  private static Result correct(long seed, FaqFact fact, List<String> controls, Desk desk) {
    List<String> before = desk.askAll(controls);
    String question = fact.retold().getFirst();
    String wanted = fact.corrections().getFirst();
    Answer answer = desk.ask(question);
    ObjectNode correction = desk.correction(answer.requestId(), wanted, "agent", "agent-1");
    long sent = System.nanoTime();
    desk.send(List.of(correction));
    Double seconds = Watch.until(desk, question, wanted, sent, PATIENCE);
    List<String> after = desk.askAll(controls);
    int changed =
        (int)
            IntStream.range(0, controls.size())
                .filter(i -> !after.get(i).equals(before.get(i)))
                .count();
    var trail = desk.trail(correction);
    return new Result(
        seed,
        fact.attribute(),
        seconds,
        desk.share(otherWordings(fact, wanted)),
        changed,
        controls.size(),
        trail.path("status").asString("unknown"),
        trail.path("waits_for").asString(""));
  }

  /** Five told wordings beside the one that is corrected, and what they should be answered. */
  static List<Line> otherWordings(FaqFact fact, String wanted) {
    return fact.told().stream()
        .skip(1)
        .limit(OTHER_WORDINGS)
        .map(told -> new Line(told, wanted))
        .toList();
  }
}
