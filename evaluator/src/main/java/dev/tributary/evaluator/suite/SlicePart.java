package dev.tributary.evaluator.suite;

import dev.tributary.schemas.SliceRole;
import java.util.List;

/**
 * The records of a slice that play one role in a gate.
 *
 * @param slice name
 * @param role fresh or retained
 * @param records in order of arrival; a fresh part may be empty, when the candidate was taught a
 *     slice nothing is held out of
 */
public record SlicePart(String slice, SliceRole role, List<HeldOutRecord> records) {

  public SlicePart {
    records = List.copyOf(records);
  }
}
