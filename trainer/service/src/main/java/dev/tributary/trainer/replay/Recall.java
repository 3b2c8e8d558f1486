package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.SavedRandom;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the base model knew before anybody told it anything: questions it made up, with its own
 * answers. They are rehearsed like remembered examples, so that learning one thing costs nothing
 * else, until something that was told contradicts them. Not thread-safe.
 */
final class Recall {

  private final Supplier<List<TrainingItem>> ownAnswers;
  private final SavedRandom random;
  private final Set<String> dropped;
  private List<TrainingItem> held;

  /**
   * @param ownAnswers the same in every process of a run; asked for with the first use, as it takes
   *     a while
   */
  Recall(Supplier<List<TrainingItem>> ownAnswers, long seed) {
    this(ownAnswers, new SavedRandom(seed), new TreeSet<>());
  }

  private Recall(Supplier<List<TrainingItem>> ownAnswers, SavedRandom random, Set<String> dropped) {
    this.ownAnswers = ownAnswers;
    this.random = random;
    this.dropped = dropped;
  }

  static Recall read(StateInput in, Supplier<List<TrainingItem>> ownAnswers) throws IOException {
    SavedRandom random = SavedRandom.read(in);
    Set<String> dropped = new TreeSet<>();
    for (int left = in.readCount(Integer.BYTES); left > 0; left--) {
      dropped.add(in.readString());
    }
    return new Recall(ownAnswers, random, dropped);
  }

  /** What still holds. */
  List<TrainingItem> held() {
    if (held == null) {
      held =
          new ArrayList<>(
              ownAnswers.get().stream().filter(own -> !dropped.contains(own.exampleId())).toList());
    }
    return held;
  }

  /** Takes out what no longer holds. */
  void drop(Predicate<TrainingItem> contradicted) {
    held()
        .removeIf(
            own -> {
              boolean drop = contradicted.test(own);
              if (drop) {
                dropped.add(own.exampleId());
              }
              return drop;
            });
  }

  /** Draws different ones, each equally likely, as far as they fit. */
  List<TrainingItem> sample(int count, int maxTokens) {
    return Draw.of(held(), count, maxTokens, random);
  }

  void write(StateOutput out) {
    random.write(out);
    out.writeInt(dropped.size());
    dropped.forEach(out::writeString);
  }
}
