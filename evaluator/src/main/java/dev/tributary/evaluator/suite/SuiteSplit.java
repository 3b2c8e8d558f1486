package dev.tributary.evaluator.suite;

import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.schemas.SliceRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Divides a suite into what a candidate must be better at and what it must not have forgotten.
 *
 * <p>In a slice the candidate was taught, records that arrived after the reference was gated are
 * fresh, older ones retained; so a slice can play both roles, each with its own records (an
 * improvement on the new ones must not hide a loss on the old). In all other slices every record is
 * retained: nobody can ask a candidate to be better at what it was not taught.
 */
public final class SuiteSplit {

  private SuiteSplit() {}

  /**
   * @param slices the suite
   * @param reference mark of the release the candidate is compared with; {@link GateMark#NONE} for
   *     the base model
   * @param taught slices the candidate was taught; empty when unknown, then every slice with new
   *     records counts as taught
   */
  public static List<SlicePart> of(
      Map<String, List<HeldOutRecord>> slices, GateMark reference, Set<String> taught) {
    List<SlicePart> parts = new ArrayList<>();
    Set<String> names = new TreeSet<>(slices.keySet());
    names.addAll(taught);
    for (String name : names) {
      List<HeldOutRecord> older = new ArrayList<>();
      List<HeldOutRecord> newer = new ArrayList<>();
      for (HeldOutRecord record : slices.getOrDefault(name, List.of())) {
        (reference.covers(record.partition(), record.offset()) ? older : newer).add(record);
      }
      boolean isTaught = taught.isEmpty() ? !newer.isEmpty() : taught.contains(name);
      if (isTaught) {
        parts.add(new SlicePart(name, SliceRole.FRESH, newer));
      } else {
        older.addAll(newer);
      }
      if (!older.isEmpty()) {
        parts.add(new SlicePart(name, SliceRole.RETAINED, older));
      }
    }
    return parts;
  }
}
