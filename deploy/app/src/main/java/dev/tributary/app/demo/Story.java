package dev.tributary.app.demo;

import dev.tributary.app.demo.DemoReport.Answered;
import dev.tributary.app.demo.DemoReport.Check;
import dev.tributary.app.demo.DemoReport.FeedbackToServed;
import dev.tributary.app.demo.base.Probe;
import dev.tributary.app.demo.base.ShopStory;
import dev.tributary.app.demo.base.StoryRecord;
import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.app.records.Trail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The customer-service story, told over HTTP to running services: a policy changes, one correction
 * by staff is learnt without forgetting the rest; then lies arrive, wait for a second voice, get
 * it, and are not published all the same. What happened is recorded, never assumed. For one thread.
 */
final class Story {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final long ORDER_SEED = 1;
  private static final int WORDINGS_SHOWN = 3;

  /** Of the told wordings beside the one that is corrected, one may keep its old answer. */
  private static final int MAY_STAY = 1;

  private final Counter counter;
  private final ShopStory shop;
  private final Loop loop;
  private final ProgressView view;
  private final LongSupplier nanoTime;
  private final List<Check> checks = new ArrayList<>();
  private final List<FeedbackToServed> timings = new ArrayList<>();

  Story(Counter counter, ShopStory shop, Loop loop, ProgressView view, LongSupplier nanoTime) {
    this.counter = counter;
    this.shop = shop;
    this.loop = loop;
    this.view = view;
    this.nanoTime = nanoTime;
  }

  /** What the story leaves behind beside the services' own records. */
  record Outcome(List<Check> checks, List<Answered> answers, List<FeedbackToServed> timings) {}

  /** Tells the whole story; takes about two minutes. */
  Outcome tell() {
    learnTheShop();
    Answers before = askEverything();
    checkBefore(before);
    changeThePolicy();
    Answers after = askEverything();
    checkAfter(after);
    List<StoryRecord> lies = shop.poisoned();
    lie(lies, after);
    lieInTwoVoices(lies);
    Answers end = askEverything();
    check(
        "all answers are as before the lies",
        end.equals(after),
        end.count(false, Probe::after) + " right");
    return new Outcome(List.copyOf(checks), answers(before, after, end), List.copyOf(timings));
  }

  private void learnTheShop() {
    view.say("1. The shop's FAQ arrives: %d records to learn.".formatted(shop.faq().size()));
    List<StoryRecord> faq = new ArrayList<>(shop.faq());
    Collections.shuffle(faq, new Random(ORDER_SEED));
    long began = nanoTime.getAsLong();
    counter.tell(faq);
    await("the FAQ to be learnt and gated", () -> loop.newestVersion() > 0 && loop.isSettled());
    view.say("     learnt and judged after %.1f s".formatted(secondsSince(began)));
    untilQuiet();
  }

  private void checkBefore(Answers before) {
    String outdated = before.to(shop.corrected());
    view.say("2. The returns policy has changed, and the model does not know:");
    view.say("     " + shop.corrected().question());
    view.say("     → " + outdated);
    check(
        "the changed questions are answered with the outdated policy before",
        before.count(true, Probe::before).all(),
        outdated);
    check(
        "the retained questions are answered right before",
        before.count(false, Probe::before).all(),
        before.count(false, Probe::before) + " right");
  }

  private void changeThePolicy() {
    int versionBefore = loop.activeVersion();
    Probe corrected = shop.corrected();
    view.say("3. One customer objects, and staff send the right answer, once.");
    long began = nanoTime.getAsLong();
    counter.correct(List.of(shop.correction()), "agent");
    await(
        "a version that learnt the correction to answer",
        () -> counter.ask(corrected.question()).text().equals(corrected.after()));
    double seconds = secondsSince(began);
    Answer answer = counter.ask(corrected.question());
    timings.add(new FeedbackToServed(answer.model(), 1, seconds));
    view.say(
        "     → %s (%s, live %.1f s after the correction)"
            .formatted(answer.text(), answer.model(), seconds));
    untilQuiet();
    int active = loop.activeVersion();
    JsonNode release = loop.version(active);
    check(
        "a version that passed the gate was published",
        active > versionBefore && release.path("verdict").asString("none").equals("passed"),
        answer.model());
    check(
        "the new version is what answers", answer.model().endsWith("@v" + active), answer.model());
    check(
        "no retained slice got worse beyond its interval",
        retainedSlicesPassed(release),
        "gate of " + answer.model());
    double replayed = release.path("replay_ratio").asDouble(0);
    check("training rehearsed old records", replayed > 0, "replay ratio " + replayed);
  }

  private void checkAfter(Answers after) {
    view.say("   In other words, which staff did not correct:");
    shop.otherWordings().stream()
        .limit(WORDINGS_SHOWN)
        .forEach(
            probe -> {
              view.say("     " + probe.question());
              view.say("     → " + after.to(probe));
            });
    Answers.Count changed = after.count(true, Probe::after);
    check(
        "the corrected question is answered right after",
        after.to(shop.corrected()).equals(shop.corrected().after()),
        after.to(shop.corrected()));
    check(
        "other told wordings are answered right after, all but one at most",
        changed.right() >= changed.asked() - MAY_STAY,
        changed + " with the corrected one");
    check(
        "the retained questions are still answered right",
        after.count(false, Probe::after).all(),
        after.count(false, Probe::after) + " right");
  }

  private void lie(List<StoryRecord> lies, Answers after) {
    int active = loop.activeVersion();
    int newest = loop.newestVersion();
    view.say(
        "4. %d customers \"correct\" right answers, each with a lie of their own."
            .formatted(lies.size()));
    List<String> ids = counter.correct(lies, "user");
    await(
        "the lies to wait",
        () -> ids.stream().map(counter::trail).allMatch(trail -> isWaiting(trail)));
    untilQuiet();
    Trail trail = counter.trail(ids.getFirst());
    view.say("     GET /v1/feedback/%s: %s".formatted(ids.getFirst(), trail.status()));
    view.say("       " + trail.json().path("waits_for").asString(""));
    check(
        "what users nobody knows say waits for a second voice",
        ids.stream().map(counter::trail).allMatch(Story::isWaiting),
        trail.status());
    check(
        "one voice alone changes nothing",
        loop.newestVersion() == newest
            && loop.activeVersion() == active
            && askEverything().equals(after),
        name(active));
  }

  private static boolean isWaiting(Trail trail) {
    return trail.status().equals("waiting_for_voices");
  }

  private void lieInTwoVoices(List<StoryRecord> lies) {
    int active = loop.activeVersion();
    int newest = loop.newestVersion();
    view.say("5. The same lies come again, from as many other accounts: now they are trained on.");
    List<String> ids = counter.correct(lies, "user");
    await(
        "the gate's verdict on the poisoned candidate",
        () -> loop.newestVersion() > newest && loop.isSettled());
    untilQuiet();
    JsonNode poisoned = loop.version(loop.newestVersion());
    view.say(
        "     gate: " + poisoned.path("id").asString() + " " + poisoned.path("verdict").asString());
    for (JsonNode reason : poisoned.path("reasons")) {
      view.say("       · " + reason.asString());
    }
    view.say(
        "     GET /v1/feedback/%s: %s"
            .formatted(ids.getFirst(), counter.trail(ids.getFirst()).status()));
    check(
        "the poisoned candidate was not published",
        !poisoned.path("verdict").asString("passed").equals("passed")
            && !poisoned.path("reasons").isEmpty(),
        poisoned.path("id").asString());
    check("the version that answers did not change", loop.activeVersion() == active, name(active));
  }

  private Answers askEverything() {
    return Answers.of(shop.probes(), question -> counter.ask(question).text());
  }

  private static List<Answered> answers(Answers before, Answers after, Answers end) {
    return IntStream.range(0, before.probes().size())
        .mapToObj(
            i -> {
              Probe probe = before.probes().get(i);
              return new Answered(
                  probe.question(),
                  probe.after(),
                  !probe.changes(),
                  before.texts().get(i),
                  after.texts().get(i),
                  end.texts().get(i));
            })
        .toList();
  }

  private static boolean retainedSlicesPassed(JsonNode version) {
    boolean any = false;
    for (JsonNode slice : version.path("slices")) {
      if (slice.path("role").asString().equals("retained")) {
        any = true;
        if (!slice.path("passed").asBoolean()) {
          return false;
        }
      }
    }
    return any;
  }

  private String name(int version) {
    return loop.version(version).path("id").asString("the base model");
  }

  private double secondsSince(long nanos) {
    return (nanoTime.getAsLong() - nanos) / 1e9;
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
