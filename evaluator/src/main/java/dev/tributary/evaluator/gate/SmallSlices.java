package dev.tributary.evaluator.gate;

import dev.tributary.evaluator.score.SliceScores;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Tests large slices one by one and the small ones as one, if they are enough together. */
final class SmallSlices {

  private SmallSlices() {}

  /**
   * @param slices of one role and kind of evidence
   * @param poolName of the small ones taken together
   * @param minRecords of a slice that is tested on its own
   * @param watch asked of each small slice
   */
  static List<JudgedSlice> judgeTogether(
      List<SliceScores> slices,
      String poolName,
      int minRecords,
      Function<SliceScores, Finding> test,
      Function<SliceScores, Finding> watch) {
    List<JudgedSlice> judged = new ArrayList<>();
    List<SliceScores> small = new ArrayList<>();
    for (SliceScores slice : slices) {
      if (slice.records() >= minRecords) {
        judged.add(JudgedSlice.of(slice, test));
      } else {
        small.add(slice);
      }
    }
    if (small.stream().mapToInt(SliceScores::records).sum() >= minRecords) {
      judged.add(JudgedSlice.of(SliceScores.pool(poolName, small), test));
    }
    small.forEach(slice -> judged.add(JudgedSlice.of(slice, watch)));
    return judged;
  }
}
