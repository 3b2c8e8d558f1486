package dev.tributary.app.bench.told;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody nobody knows corrects an answer, and a customer dislikes another. For one thread.
 *
 * @param faq what is served
 * @param watched how long one looks whether anything changes
 */
record StrangerScene(Faq faq, Duration watched) {

  /**
   * What came of it.
   *
   * @param changed told questions whose answer was another one afterwards, of {@code asked}
   * @param sameVersion whether the version that answers is the same
   * @param correction what the correction's trail says: status, and what it waits for
   * @param thumb what the thumb's says
   */
  record Result(
      long seed, int changed, int asked, boolean sameVersion, String correction, String thumb) {}

  Result play(long seed, Desk desk) {
    List<String> questions = faq.retold().stream().map(Line::question).toList();
    FaqFact wronged = faq.facts().getFirst();
    FaqFact disliked = faq.facts().getLast();
    List<String> before = desk.askAll(questions);
    int version = desk.loop().activeVersion();
    ObjectNode correction =
        desk.correction(
            desk.ask(wronged.retold().getFirst()).requestId(),
            wronged.corrections().getFirst(),
            "user",
            "stranger");
    ObjectNode thumb =
        desk.thumbDown(desk.ask(disliked.retold().getFirst()).requestId(), "customer");
    desk.send(List.of(correction, thumb));
    Waiting.sleep(watched);
    List<String> after = desk.askAll(questions);
    return new Result(
        seed,
        (int)
            IntStream.range(0, after.size())
                .filter(i -> !after.get(i).equals(before.get(i)))
                .count(),
        questions.size(),
        desk.loop().activeVersion() == version,
        trail(desk, correction),
        trail(desk, thumb));
  }

  private static String trail(Desk desk, ObjectNode feedback) {
    var trail = desk.trail(feedback);
    String status = trail.path("status").asString("unknown");
    String waits = trail.path("waits_for").asString("");
    return waits.isEmpty() ? status : status + ": " + waits;
  }
}
