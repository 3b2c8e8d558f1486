package dev.tributary.app.demo;

import dev.tributary.app.demo.DemoReport.Answered;
import dev.tributary.app.demo.DemoReport.Check;
import dev.tributary.app.demo.DemoReport.FeedbackToServed;
import dev.tributary.app.demo.base.Probe;
import dev.tributary.app.demo.base.ShopStory;
import dev.tributary.app.demo.base.StoryRecord;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The customer-service story, told over HTTP to running services: a policy changes, corrections
 * arrive and are learnt without forgetting the rest; then poisoned corrections arrive and are
 * refused. What happened is recorded, never assumed.
 */
final class Story {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long ORDER_SEED = 1;

  private final TributaryClient client;
  private final ShopStory shop;
  private final List<Probe> probes;
  private final Probe changed;
  private final ProgressView view;
  private final LongSupplier nanoTime;
  private final AdapterId adapter;
  private final Loop loop;
  private final String model;
  private final List<Check> checks = new ArrayList<>();
  private final List<FeedbackToServed> timings = new ArrayList<>();

  Story(
      TributaryClient client,
      ShopStory shop,
      AdapterId adapter,
      ProgressView view,
      LongSupplier nanoTime) {
    this.client = client;
    this.shop = shop;
    this.probes = shop.probes();
    this.changed = probes.stream().filter(Probe::changes).findFirst().orElseThrow();
    this.view = view;
    this.nanoTime = nanoTime;
    this.adapter = adapter;
    this.model = adapter.dotted();
    this.loop = new Loop(client, adapter, nanoTime);
  }

  /** What the story leaves behind beside the services' own records. */
  record Outcome(List<Check> checks, List<Answered> answers, List<FeedbackToServed> timings) {}

  /** Tells the whole story; takes a minute or two. */
  Outcome tell() {
    learnTheShop();
    List<String> before = askEverything();
    checkBefore(before);
    changeThePolicy();
    List<String> after = askEverything();
    checkAfter(after);
    poison();
    List<String> end = askEverything();
    checkEnd(after, end);
    return new Outcome(List.copyOf(checks), answers(before, after, end), List.copyOf(timings));
  }

  private void learnTheShop() {
    view.say(
        "1. The shop's FAQ arrives: "
            + shop.faq().size()
            + " records to learn and to be measured on.");
    List<StoryRecord> faq = new ArrayList<>(shop.faq());
    Collections.shuffle(faq, new Random(ORDER_SEED));
    client.sendInstructions(faq.stream().map(this::instruction).toList());
    await("the FAQ to be learnt and gated", () -> loop.newestVersion() > 0 && loop.isSettled());
    untilQuiet();
  }

  private void checkBefore(List<String> before) {
    view.say("2. The returns policy has changed, and the model does not know:");
    view.say("     " + changed.question());
    view.say("     → " + before.get(probes.indexOf(changed)));
    check(
        "the changed questions are answered with the outdated policy before",
        count(before, true, Probe::before) == count(true),
        before.get(probes.indexOf(changed)));
    check(
        "the retained questions are answered right before",
        count(before, false, Probe::before) == count(false),
        right(before));
  }

  private void changeThePolicy() {
    List<StoryRecord> corrections = shop.corrections();
    int versionBefore = loop.activeVersion();
    view.say(
        "3. "
            + corrections.size()
            + " customers ask, get the old answer and object; staff send the right one.");
    long began = nanoTime.getAsLong();
    correct(corrections, "agent", true);
    await(
        "a version that learnt the corrections to answer",
        () -> client.ask(model, changed.question()).text().equals(changed.after()));
    double seconds = (nanoTime.getAsLong() - began) / 1e9;
    untilQuiet();
    Answer answer = client.ask(model, changed.question());
    timings.add(new FeedbackToServed(answer.model(), corrections.size(), seconds));
    view.say(
        "     → %s (%s, %.1f s after the first complaint)"
            .formatted(answer.text(), answer.model(), seconds));
    check(
        "a version that passed the gate was published",
        loop.activeVersion() > versionBefore && verdict(loop.activeVersion()).equals("passed"),
        answer.model());
    check(
        "the new version is what answers",
        answer.model().equals(model + "@v" + loop.activeVersion()),
        answer.model());
    check(
        "no retained slice got worse beyond its interval",
        retainedSlicesPassed(loop.activeVersion()),
        "gate of " + answer.model());
    check(
        "training rehearsed old records",
        replayed(loop.activeVersion()) > 0,
        "replay ratio " + replayed(loop.activeVersion()));
  }

  private void checkAfter(List<String> after) {
    check(
        "the changed questions are answered right after",
        count(after, true, Probe::after) == count(true),
        after.get(probes.indexOf(changed)));
    check(
        "the retained questions are still answered right",
        count(after, false, Probe::after) == count(false),
        right(after));
  }

  private void poison() {
    List<StoryRecord> poison = shop.poisoned();
    int active = loop.activeVersion();
    int newest = loop.newestVersion();
    view.say(
        "4. Poisoned corrections arrive: " + poison.size() + " wrong answers about other topics.");
    correct(poison, "user", false);
    await(
        "the gate's verdict on the poisoned candidate",
        () -> loop.newestVersion() > newest && loop.isSettled());
    untilQuiet();
    JsonNode refused = loop.version(loop.newestVersion());
    view.say(
        "     gate: " + refused.path("id").asString() + " " + refused.path("verdict").asString());
    for (JsonNode reason : refused.path("reasons")) {
      view.say("       · " + reason.asString());
    }
    check(
        "the poisoned candidate was refused",
        refused.path("verdict").asString().equals("failed") && !refused.path("reasons").isEmpty(),
        refused.path("id").asString());
    check(
        "the version that answers did not change",
        loop.activeVersion() == active,
        model + "@v" + active);
  }

  private void checkEnd(List<String> after, List<String> end) {
    check("all answers are as before the poison", end.equals(after), right(end));
  }

  // What is sent

  private ObjectNode instruction(StoryRecord line) {
    return client
        .object()
        .put("adapter", adapter.toString())
        .put("instruction", line.question())
        .put("output", line.answer())
        .put("slice", line.slice())
        .put("fact_key", line.factKey())
        .put("source", "agent");
  }

  /** Each customer asks the serving model, objects, and the correction follows. */
  private void correct(List<StoryRecord> lines, String source, boolean factKey) {
    List<ObjectNode> feedback = new ArrayList<>();
    int customer = 0;
    for (StoryRecord line : lines) {
      String requestId = client.ask(model, line.question()).requestId();
      feedback.add(
          client
              .object()
              .put("request_id", requestId)
              .put("kind", "thumb")
              .put("value", -1)
              .put("source", "user")
              .put("author_id", "customer-" + customer));
      ObjectNode correction =
          client
              .object()
              .put("request_id", requestId)
              .put("kind", "correction")
              .put("correction", line.answer())
              .put("slice", line.slice())
              .put("source", source)
              .put("author_id", source + "-" + customer++);
      feedback.add(factKey ? correction.put("fact_key", line.factKey()) : correction);
    }
    client.sendFeedback(feedback);
  }

  // What is asked

  private List<String> askEverything() {
    return probes.stream().map(probe -> client.ask(model, probe.question()).text()).toList();
  }

  /** Questions that change, or those that do not. */
  private long count(boolean changes) {
    return probes.stream().filter(probe -> probe.changes() == changes).count();
  }

  /** How many of them were answered as wanted. */
  private long count(List<String> answers, boolean changes, Function<Probe, String> wanted) {
    return IntStream.range(0, probes.size())
        .filter(i -> probes.get(i).changes() == changes)
        .filter(i -> answers.get(i).equals(wanted.apply(probes.get(i))))
        .count();
  }

  private String right(List<String> answers) {
    return count(answers, false, Probe::after) + " of " + count(false) + " right";
  }

  private List<Answered> answers(List<String> before, List<String> after, List<String> end) {
    return IntStream.range(0, probes.size())
        .mapToObj(
            i ->
                new Answered(
                    probes.get(i).question(),
                    probes.get(i).after(),
                    !probes.get(i).changes(),
                    before.get(i),
                    after.get(i),
                    end.get(i)))
        .toList();
  }

  // What is watched

  private String verdict(int version) {
    return loop.version(version).path("verdict").asString("none");
  }

  private double replayed(int version) {
    return loop.version(version).path("replay_ratio").asDouble(0);
  }

  private boolean retainedSlicesPassed(int version) {
    boolean any = false;
    for (JsonNode slice : loop.version(version).path("slices")) {
      if (slice.path("role").asString().equals("retained")) {
        any = true;
        if (!slice.path("passed").asBoolean()) {
          return false;
        }
      }
    }
    return any;
  }

  private void untilQuiet() {
    if (!loop.awaitRest(PATIENCE)) {
      tooLate("the loop to come to rest");
    }
  }

  private void await(String what, BooleanSupplier condition) {
    if (!loop.await(PATIENCE, condition)) {
      tooLate(what);
    }
  }

  private void tooLate(String what) {
    check("waited for " + what, false, "not within " + PATIENCE.toSeconds() + " s");
  }

  private void check(String name, boolean passed, String detail) {
    checks.add(new Check(name, passed, detail));
  }
}
