package dev.tributary.trainer.replay;

import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.SavedRandom;
import java.util.ArrayList;
import java.util.List;

/** Draws without replacement. */
final class Draw {

  private Draw() {}

  /**
   * Different items, each equally likely, that have no more tokens together.
   *
   * @param count how many at most
   */
  static List<TrainingItem> of(
      List<TrainingItem> from, int count, int maxTokens, SavedRandom random) {
    List<TrainingItem> pool = new ArrayList<>(from);
    List<TrainingItem> drawn = new ArrayList<>();
    int room = maxTokens;
    for (int next = 0; next < pool.size() && drawn.size() < count; next++) {
      // Fisher and Yates' shuffle, as far as it is needed.
      int pick = next + random.nextInt(pool.size() - next);
      TrainingItem item = pool.get(pick);
      pool.set(pick, pool.get(next));
      if (item.tokenCount() <= room) {
        drawn.add(item);
        room -= item.tokenCount();
      }
    }
    return drawn;
  }
}
