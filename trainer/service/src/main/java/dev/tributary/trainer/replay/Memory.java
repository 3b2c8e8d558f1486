package dev.tributary.trainer.replay;

import dev.tributary.schemas.fact.Wordings;
import dev.tributary.schemas.fact.Wordings.Words;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.SavedRandom;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Everything an adapter rehearses: examples it was told and {@linkplain Recall what the base knew}.
 * It keeps itself true: what is told with trust takes the place of what it contradicts.
 *
 * <ul>
 *   <li>A newer, different answer to the same fact key or the same question supersedes the older
 *       one. One that is not told with trust is not taken in beside one that is.
 *   <li>A correction of an answer that was given also changes the other wordings of that fact:
 *       remembered questions that had this answer and are linked to the corrected one by {@link
 *       Wordings}. They are taught the new answer.
 *   <li>What the base knew is no longer rehearsed where the question is nearly one that was told
 *       another answer.
 * </ul>
 *
 * Seeded, bounded, written and read back as a whole. Not thread-safe.
 */
public final class Memory {

  private final ReplayBuffer buffer;
  private final Recall recall;
  private final SavedRandom random;
  private final int maxTokens;

  private Memory(ReplayBuffer buffer, Recall recall, SavedRandom random, int maxTokens) {
    this.buffer = buffer;
    this.recall = recall;
    this.random = random;
    this.maxTokens = maxTokens;
  }

  /**
   * @param ownAnswers what the base knows; asked for with the first use
   * @param maxTokens of an example; one that gets a longer answer is cut
   */
  public static Memory fresh(
      ReplayLimits limits, Supplier<List<TrainingItem>> ownAnswers, int maxTokens, long seed) {
    return new Memory(
        new ReservoirReplay(limits, SavedRandom.derive(seed, "replay")),
        new Recall(ownAnswers, SavedRandom.derive(seed, "recall")),
        new SavedRandom(SavedRandom.derive(seed, "order")),
        maxTokens);
  }

  /**
   * Goes on where {@link #write} stopped.
   *
   * @throws IOException if the bytes are no such memory
   */
  public static Memory read(
      StateInput in, ReplayLimits limits, Supplier<List<TrainingItem>> ownAnswers, int maxTokens)
      throws IOException {
    SavedRandom random = SavedRandom.read(in);
    Recall recall = Recall.read(in, ownAnswers);
    return new Memory(ReservoirReplay.read(in, limits), recall, random, maxTokens);
  }

  public void write(StateOutput out) {
    random.write(out);
    recall.write(out);
    buffer.write(out);
  }

  /**
   * What became of new examples.
   *
   * @param current those that hold, as they were told
   * @param taught what follows to be learnt: those, and other wordings of facts that they correct,
   *     each with the answer that holds now
   * @param superseded how many of the new ones hold no longer, for a newer answer is known
   * @param forgotten how many remembered ones were removed
   */
  public record Admission(
      List<TrainingItem> current, List<TrainingItem> taught, int superseded, int forgotten) {
    public Admission {
      current = List.copyOf(current);
      taught = List.copyOf(taught);
    }
  }

  /** Takes in the new examples of a micro-batch, in log order. */
  public Admission admit(List<TrainingItem> items) {
    int forgotten = 0;
    Map<String, TrainingItem> taught = new LinkedHashMap<>();
    for (TrainingItem item : items) {
      Set<Long> corrected = correctedAnswers(item);
      forgotten += buffer.admit(item);
      taught.put(item.exampleId(), item);
      if (!buffer.isSuperseded(item)) {
        reword(item, corrected).forEach(wording -> taught.put(wording.exampleId(), wording));
      }
    }
    dropContradicted(items);
    // Only now: what came later in the batch may have superseded any of them.
    taught.values().removeIf(buffer::isSuperseded);
    List<TrainingItem> current =
        items.stream().filter(item -> taught.containsKey(item.exampleId())).toList();
    return new Admission(
        current, List.copyOf(taught.values()), items.size() - current.size(), forgotten);
  }

  /**
   * The answers a correction says are wrong: the one given, and what its question was told before.
   */
  private Set<Long> correctedAnswers(TrainingItem item) {
    Set<Long> answers = new HashSet<>();
    if (item.claim().trusted() && item.claim().isCorrection()) {
      answers.add(item.claim().replaces());
      buffer.items().stream()
          .filter(item::supersedes)
          .forEach(older -> answers.add(older.claim().answer()));
      answers.remove(item.claim().answer());
    }
    return answers;
  }

  /** Gives other wordings of a corrected fact the new answer. */
  private List<TrainingItem> reword(TrainingItem correction, Set<Long> corrected) {
    List<TrainingItem> changed = new ArrayList<>();
    for (long answer : corrected) {
      List<TrainingItem> told = answered(buffer.items(), answer, correction);
      List<TrainingItem> own = answered(recall.held(), answer, correction);
      List<TrainingItem> all = Stream.concat(told.stream(), own.stream()).toList();
      if (all.isEmpty()) {
        continue;
      }
      Set<String> linked = new HashSet<>();
      wordings()
          .of(
              correction.claim().question(),
              all.getFirst().claim().answerText(),
              all.stream().map(item -> item.claim().question()).toList())
          .forEach(place -> linked.add(all.get(place).exampleId()));
      buffer.replaceAll(
          item -> {
            if (item.claim().answer() != answer || !linked.contains(item.exampleId())) {
              return item;
            }
            TrainingItem wording = item.answeredAs(correction, maxTokens);
            changed.add(wording);
            return wording;
          });
      recall.drop(item -> linked.contains(item.exampleId()));
      own.stream()
          .filter(item -> linked.contains(item.exampleId()))
          .map(item -> item.answeredAs(correction, maxTokens))
          .forEach(
              wording -> {
                buffer.admit(wording);
                changed.add(wording);
              });
    }
    return changed;
  }

  private static List<TrainingItem> answered(
      List<TrainingItem> items, long answer, TrainingItem correction) {
    return items.stream()
        .filter(item -> item.claim().answer() == answer)
        .filter(item -> correction.isNewerThan(item.eventTime(), item.offset()))
        .toList();
  }

  private void dropContradicted(List<TrainingItem> items) {
    if (recall.held().isEmpty()) {
      return;
    }
    Wordings wordings = wordings();
    List<TrainingItem> trusted = items.stream().filter(item -> item.claim().trusted()).toList();
    List<Words> told =
        trusted.stream().map(item -> wordings.words(item.claim().question())).toList();
    recall.drop(
        own -> {
          Words asked = wordings.words(own.claim().question());
          for (int i = 0; i < told.size(); i++) {
            if (trusted.get(i).claim().answer() != own.claim().answer()
                && wordings.areAlike(told.get(i), asked)) {
              return true;
            }
          }
          return false;
        });
  }

  private Wordings wordings() {
    return new Wordings(
        Stream.concat(buffer.items().stream(), recall.held().stream())
            .map(item -> item.claim().question())
            .toList());
  }

  /**
   * Draws what is rehearsed beside new examples: a quarter of it what is near to them, and of the
   * rest a third what was told, the others what the base knew, as far as there is any of each.
   *
   * @param near of {@link #nearest}; may be empty
   * @param count how many at most
   * @param room tokens they may have together
   */
  public List<TrainingItem> rehearsal(List<TrainingItem> near, int count, int room) {
    List<TrainingItem> drawn = new ArrayList<>(Draw.of(near, count / 4, room / 4, random));
    int others = count - drawn.size();
    int left = room - tokens(drawn);
    drawn.addAll(recall.sample(others * 2 / 3, left * 2 / 3));
    drawn.addAll(buffer.sample(count - drawn.size(), room - tokens(drawn)));
    return drawn;
  }

  private static int tokens(List<TrainingItem> items) {
    return items.stream().mapToInt(TrainingItem::tokenCount).sum();
  }

  /**
   * Some of what was told, at random.
   *
   * @param others left out
   */
  public List<TrainingItem> toldBut(List<TrainingItem> others, int count) {
    List<TrainingItem> told = buffer.items().stream().filter(noneOf(others)).toList();
    return Draw.of(told, count, Integer.MAX_VALUE, random);
  }

  /** Some of what the base knew. */
  public List<TrainingItem> known(int count) {
    return recall.sample(count, Integer.MAX_VALUE);
  }

  /**
   * What is remembered and asked most alike: it suffers first when these are learnt.
   *
   * @param items compared with each remembered one
   * @param count at most
   * @return without the items themselves, the most alike first
   */
  public List<TrainingItem> nearest(List<TrainingItem> items, int count) {
    Wordings wordings = wordings();
    List<Words> asked =
        items.stream().map(item -> wordings.words(item.claim().question())).distinct().toList();
    record Near(TrainingItem item, double similarity) {}
    return Stream.concat(buffer.items().stream(), recall.held().stream())
        .filter(noneOf(items))
        .map(
            item -> {
              Words words = wordings.words(item.claim().question());
              return new Near(
                  item,
                  asked.stream()
                      .mapToDouble(each -> wordings.similarity(each, words))
                      .max()
                      .orElse(0));
            })
        .filter(near -> near.similarity > 0)
        .sorted(Comparator.comparingDouble(Near::similarity).reversed())
        .limit(count)
        .map(Near::item)
        .toList();
  }

  private static Predicate<TrainingItem> noneOf(List<TrainingItem> others) {
    Set<String> ids = new HashSet<>();
    others.forEach(item -> ids.add(item.exampleId()));
    return item -> !ids.contains(item.exampleId());
  }

  /**
   * Makes a variation of the first of three items; draws from the fourth, within so many tokens.
   */
  @FunctionalInterface
  public interface Varying {
    TrainingItem of(
        TrainingItem item,
        TrainingItem before,
        TrainingItem behind,
        IntUnaryOperator draw,
        int maxTokens);
  }

  /** A variation of an item with the help of two remembered ones, drawn at random. */
  public TrainingItem varied(TrainingItem item, Varying varying) {
    return varying.of(item, anyOr(item), anyOr(item), random::nextInt, maxTokens);
  }

  /** What the base made up begins and ends as its users do; else what was told. */
  private TrainingItem anyOr(TrainingItem otherwise) {
    List<TrainingItem> pool = random.nextInt(2) == 0 ? recall.held() : buffer.items();
    return pool.isEmpty() ? otherwise : pool.get(random.nextInt(pool.size()));
  }

  /** The same items in a random order. */
  public List<TrainingItem> shuffled(List<TrainingItem> items) {
    return Draw.of(items, items.size(), Integer.MAX_VALUE, random);
  }

  /** Remembered examples. */
  public ReplayBuffer buffer() {
    return buffer;
  }
}
