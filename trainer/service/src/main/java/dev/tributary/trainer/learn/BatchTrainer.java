package dev.tributary.trainer.learn;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.pack.MicroBatch;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.replay.Memory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Teaches one micro-batch until what was told is answered as told and what was right before is
 * right still, or the budget is spent.
 *
 * <p>Superseded examples are left out, the rest goes into memory. What is answered as told already
 * needs no lesson. Of the rest some wordings of each answer are taught, pass after pass over what
 * is not learnt yet, in small steps beside rehearsal. Then all that was told is looked at, asked a
 * little otherwise; what is not learnt is taught. At last all of it is looked at as it was told,
 * together with what was remembered and right before the lesson: what has suffered is taught again.
 * So the number of steps follows from the state, and the state from the log and the seed.
 */
public final class BatchTrainer {

  /**
   * What is told is taught until each token has e times the odds of any other: a greeting more or
   * less must not matter.
   */
  private static final double LEARNT = 1;

  /** One in so many of what is taught may stay unsure. */
  private static final int FEW = 16;

  /**
   * One in so many of all that was told may stay open until all is looked at: the last few of many
   * take the longest, and one that cannot be learnt must not use up the budget of many others.
   */
  private static final int LAST = 128;

  /** One in so many may be wrong in the end, and is named: they may contradict each other. */
  private static final int WRONG = 512;

  /** From here on a greedy answer is right to the letter. */
  private static final double RIGHT = 0;

  private final LessonPlan plan;
  private final Variation variation;
  private final TrainingObserver observer;
  private final LongSupplier nanoTime;

  /**
   * @param variation asks half of what is taught in other ways
   * @param nanoTime measures durations, as {@link System#nanoTime()}; training does not depend on
   *     it
   */
  public BatchTrainer(
      LessonPlan plan, Variation variation, TrainingObserver observer, LongSupplier nanoTime) {
    this.plan = plan;
    this.variation = variation;
    this.observer = observer;
    this.nanoTime = nanoTime;
  }

  /**
   * @throws DivergedException if the loss is no number, naming step and examples; learner and
   *     memory are then of no further use
   */
  public TrainedBatch train(
      AdapterId adapter, AdapterLearner learner, Memory memory, MicroBatch batch) {
    Memory.Admission admitted = memory.admit(batch.items());
    observer.superseded(adapter, admitted.superseded(), admitted.forgotten());
    if (admitted.taught().isEmpty()) {
      observer.taught(adapter, 0, 0);
      return new Totals().of(admitted.current(), List.of());
    }
    Lesson lesson = new Lesson(adapter, learner, memory, admitted);
    lesson.teach();
    observer.taught(adapter, lesson.passes, lesson.notLearnt.size());
    return lesson.totals.of(admitted.current(), lesson.notLearnt);
  }

  private final class Lesson {
    private final AdapterId adapter;
    private final AdapterLearner learner;
    private final Memory memory;
    private final List<TrainingItem> told;
    private final List<TrainingItem> taughtFirst;
    private final List<TrainingItem> near;
    private final List<TrainingItem> toldBefore;
    private final List<TrainingItem> known;
    private final long budget;
    private final Totals totals = new Totals();
    private List<TrainingItem> notLearnt = List.of();
    private int passes;
    private long steps;
    private double rate;
    private boolean repairs;

    Lesson(AdapterId adapter, AdapterLearner learner, Memory memory, Memory.Admission admitted) {
      this.adapter = adapter;
      this.learner = learner;
      this.memory = memory;
      this.told = admitted.taught();
      this.taughtFirst = taughtFirst(admitted);
      // Only a small lesson is about so few things that something is nearer to them than the rest.
      List<TrainingItem> nearest = isSmall() ? memory.nearest(told, plan.near()) : List.of();
      Set<TrainingItem> watched = new LinkedHashSet<>(nearest);
      watched.addAll(memory.known(plan.checked()));
      List<TrainingItem> before = memory.toldBut(told, Math.max(plan.checked(), 2 * told.size()));
      boolean heals = !isSmall() && plan.rehearsalShare() > 0;
      if (!heals) {
        watched.addAll(before);
      }
      this.toldBefore = heals ? before : List.of();
      this.known = above(RIGHT, List.copyOf(watched));
      this.near = nearest.stream().filter(new HashSet<>(known)::contains).toList();
      this.budget =
          plan.budget(told.stream().mapToInt(TrainingItem::tokenCount).sum(), stepTokens());
    }

    /** A fact is learnt by some of its wordings; the others are looked at in the end. */
    private List<TrainingItem> taughtFirst(Memory.Admission admitted) {
      Set<String> isNew = new HashSet<>();
      admitted.current().forEach(item -> isNew.add(item.exampleId()));
      List<TrainingItem> first = new ArrayList<>();
      int wordings = 0;
      for (TrainingItem item : told) {
        if (isNew.contains(item.exampleId()) || wordings++ < plan.wordingsTaught()) {
          first.add(item);
        }
      }
      return first;
    }

    private boolean isSmall() {
      return taughtFirst.size() <= plan.small();
    }

    private int stepTokens() {
      return isSmall() ? plan.smallStepTokens() : plan.stepTokens();
    }

    void teach() {
      learn(someOfEachAnswer(notAbove(LEARNT, taughtFirst)));
      learn(notLearntAskedOtherwise());
      boolean isRight = false;
      for (int looks = 0; !isRight && looks <= plan.maxRepairs() && hasBudget(); looks++) {
        List<TrainingItem> suffered = suffered();
        isRight = suffered.isEmpty();
        repairs = true;
        learn(suffered);
      }
      notLearnt = notAbove(RIGHT, told);
    }

    private boolean hasBudget() {
      return steps < budget;
    }

    /**
     * Pass after pass, until each of them was learnt once; what was is left out of the next. Of the
     * last few of many it is enough that they are right.
     */
    private void learn(List<TrainingItem> items) {
      List<TrainingItem> open = items;
      boolean isEnough = items.isEmpty();
      while (!isEnough && hasBudget()) {
        pass(open);
        if (passes < plan.blindPasses() && open.size() > plan.repeated()) {
          continue; // Many are not learnt so soon, and looking takes a while.
        }
        open = notAbove(LEARNT, open);
        if (!open.isEmpty() && open.size() <= items.size() / FEW) {
          open = notAbove(RIGHT, open);
        }
        isEnough = open.size() <= told.size() / LAST;
      }
    }

    /** One wording alone would be learnt by heart; of very many the last ones teach nothing new. */
    private List<TrainingItem> someOfEachAnswer(List<TrainingItem> items) {
      Map<Long, Integer> wordings = new HashMap<>();
      return items.stream()
          .filter(
              item ->
                  wordings.merge(item.claim().answer(), 1, Integer::sum) <= plan.wordingsFirst())
          .toList();
    }

    /** An answer must not hang on how people begin and end what they ask. */
    private List<TrainingItem> notLearntAskedOtherwise() {
      double[] margins =
          learner.margins(told.stream().map(item -> memory.varied(item, variation::of)).toList());
      return chosen(told, i -> !(margins[i] > LEARNT));
    }

    /** What was right before and is not, and all that is unsure of what was told; or nothing. */
    private List<TrainingItem> suffered() {
      List<TrainingItem> all = new ArrayList<>(told);
      all.addAll(toldBefore);
      int mustBeSure = all.size();
      all.addAll(known);
      double[] margins = learner.margins(all);
      long wrong = Arrays.stream(margins).filter(margin -> !(margin > RIGHT)).count();
      if (wrong <= all.size() / WRONG) {
        return List.of();
      }
      return chosen(all, i -> !(margins[i] > (i < mustBeSure ? LEARNT : RIGHT)));
    }

    /**
     * Each of them once, and some of what is learnt already, in a random order, a few at a time.
     */
    private void pass(List<TrainingItem> open) {
      passes++;
      rate = repairs ? plan.repairRate() : plan.rate(learner.step(), open.size());
      List<TrainingItem> items = new ArrayList<>(open);
      Set<TrainingItem> left = new HashSet<>(open);
      List<TrainingItem> learnt =
          Stream.concat(told.stream(), toldBefore.stream())
              .filter(item -> !left.contains(item))
              .toList();
      int again = Math.min(learnt.size(), Math.max(open.size(), plan.repeated()));
      items.addAll(memory.shuffled(learnt).subList(0, again));
      List<TrainingItem> some = new ArrayList<>();
      int tokens = 0;
      for (TrainingItem item : memory.shuffled(items)) {
        if (!some.isEmpty() && tokens + item.tokenCount() > stepTokens()) {
          step(some);
          some.clear();
          tokens = 0;
        }
        some.add(item);
        tokens += item.tokenCount();
      }
      step(some);
    }

    private void step(List<TrainingItem> items) {
      steps++;
      List<TrainingItem> all = new ArrayList<>();
      addVaried(items, all);
      int room = plan.maxTokens() - all.stream().mapToInt(TrainingItem::tokenCount).sum();
      addVaried(memory.rehearsal(near, plan.rehearsed(items.size()), room), all);
      long start = nanoTime.getAsLong();
      StepResult result = stepped(all);
      observer.stepped(adapter, result, Duration.ofNanos(nanoTime.getAsLong() - start));
      totals.add(result, items.size(), all.size() - items.size());
    }

    /** Every second one asked in another way, the other half in the next pass. */
    private void addVaried(List<TrainingItem> items, List<TrainingItem> all) {
      for (int i = 0; i < items.size(); i++) {
        all.add((passes + i) % 2 == 0 ? memory.varied(items.get(i), variation::of) : items.get(i));
      }
    }

    private StepResult stepped(List<TrainingItem> items) {
      try {
        return learner.step(items, rate);
      } catch (DivergedException e) {
        observer.diverged(adapter);
        throw new DivergedException(
            "adapter %s, step %d, %s: %s; the last good checkpoint is kept"
                .formatted(adapter, learner.step() + 1, suspects(items, e), e.getMessage()),
            e.items(),
            e);
      }
    }

    private List<TrainingItem> above(double limit, List<TrainingItem> items) {
      double[] margins = learner.margins(items);
      return chosen(items, i -> margins[i] > limit);
    }

    /** Also those whose margin is no number. */
    private List<TrainingItem> notAbove(double limit, List<TrainingItem> items) {
      double[] margins = learner.margins(items);
      return chosen(items, i -> !(margins[i] > limit));
    }
  }

  private static List<TrainingItem> chosen(List<TrainingItem> items, IntPredicate places) {
    return IntStream.range(0, items.size()).filter(places).mapToObj(items::get).toList();
  }

  /** The examples whose loss is no number, or all of them if no loss says which it was. */
  private static String suspects(List<TrainingItem> items, DivergedException error) {
    List<TrainingItem> suspects =
        error.items().isEmpty() ? items : error.items().stream().map(items::get).toList();
    return suspects.stream()
        .map(item -> "%s at offset %d".formatted(item.exampleId(), item.offset()))
        .distinct() // one may be rehearsed beside itself
        .collect(
            Collectors.joining(
                ", ", error.items().isEmpty() ? "one of the examples [" : "examples [", "]"));
  }

  private static final class Totals {
    private long newItems;
    private long replayedItems;
    private long tokens;
    private double lossSum;
    private long supervisedTokens;

    void add(StepResult result, int newOnes, int replayed) {
      newItems += newOnes;
      replayedItems += replayed;
      tokens += result.tokens();
      lossSum += result.lossSum();
      supervisedTokens += result.supervisedTokens();
    }

    TrainedBatch of(List<TrainingItem> trained, List<TrainingItem> notLearnt) {
      return new TrainedBatch(
          trained, notLearnt, newItems, replayedItems, tokens, lossSum, supervisedTokens);
    }
  }
}
