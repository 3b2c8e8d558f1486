package dev.tributary.trainer.learn;

import dev.tributary.engine.train.StepResult;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A table of answers: an example is answered as told after it was in so many steps. Some can be
 * made hopeless, poisonous, or to be forgotten over another.
 */
final class TableLearner implements AdapterLearner {

  static final String POISON = "poison";

  private final int needed;
  private final Map<String, Integer> strength = new HashMap<>();
  private final Set<String> hopeless = new HashSet<>();
  private final Map<String, String> forgottenOver = new HashMap<>();
  private final List<List<TrainingItem>> steps = new ArrayList<>();
  private final List<Double> rates = new ArrayList<>();
  private boolean generalises;

  /**
   * @param needed steps until an answer is learnt
   */
  TableLearner(int needed) {
    this.needed = needed;
  }

  /** Whatever is tried, it is not learnt. */
  void hopeless(String exampleId) {
    hopeless.add(exampleId);
  }

  /** It can be learnt from here on. */
  void hopeful(String exampleId) {
    hopeless.remove(exampleId);
  }

  /** The next step with the one and without the other undoes the other, once. */
  void forgetOver(String learnt, String forgotten) {
    forgottenOver.put(learnt, forgotten);
  }

  /** From here on an answer is learnt for every question that is told it. */
  void generalises() {
    generalises = true;
  }

  /** What each step was taken over. */
  List<List<TrainingItem>> steps() {
    return List.copyOf(steps);
  }

  /** At what rate. */
  List<Double> rates() {
    return List.copyOf(rates);
  }

  /** In how many steps an example was. */
  long stepsWith(String exampleId) {
    return steps.stream().filter(items -> ids(items).contains(exampleId)).count();
  }

  boolean knows(TrainingItem item) {
    return !hopeless.contains(item.exampleId()) && strength.getOrDefault(key(item), 0) >= needed;
  }

  @Override
  public StepResult step(List<TrainingItem> items, double rate) {
    List<Integer> poisoned =
        IntStream.range(0, items.size())
            .filter(i -> items.get(i).exampleId().equals(POISON))
            .boxed()
            .toList();
    if (!poisoned.isEmpty()) {
      throw new DivergedException("loss is NaN", poisoned, null);
    }
    steps.add(List.copyOf(items));
    rates.add(rate);
    new HashSet<>(items).forEach(item -> strength.merge(key(item), 1, Integer::sum));
    Set<String> ids = ids(items);
    for (String id : ids) {
      String forgotten = forgottenOver.get(id);
      if (forgotten != null && !ids.contains(forgotten)) {
        forgottenOver.remove(id);
        strength.keySet().removeIf(known -> known.startsWith(forgotten + " "));
      }
    }
    int tokens = items.stream().mapToInt(TrainingItem::tokenCount).sum();
    return new StepResult(steps.size(), tokens, tokens, tokens, 1, 1e-3);
  }

  @Override
  public double[] margins(List<TrainingItem> items) {
    return items.stream()
        .mapToDouble(item -> knows(item) ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY)
        .toArray();
  }

  @Override
  public long step() {
    return steps.size();
  }

  @Override
  public void write(OutputStream out) {
    throw new UnsupportedOperationException("a table is not kept");
  }

  @Override
  public void export(Path directory) {
    throw new UnsupportedOperationException("a table is not kept");
  }

  private String key(TrainingItem item) {
    return (generalises ? "any" : item.exampleId()) + " " + item.claim().answer();
  }

  private static Set<String> ids(List<TrainingItem> items) {
    Set<String> ids = new HashSet<>();
    items.forEach(item -> ids.add(item.exampleId()));
    return ids;
  }
}
