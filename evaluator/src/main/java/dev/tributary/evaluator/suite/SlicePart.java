package dev.tributary.evaluator.suite;

import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.util.List;

/**
 * The records of a slice that play one role in a gate.
 *
 * @param slice name
 * @param role fresh or retained
 * @param evidence what the records are
 * @param records in order of arrival; the fresh held-out part may be empty, when the candidate was
 *     taught a slice nothing is held out of
 */
public record SlicePart(
    String slice, SliceRole role, Evidence evidence, List<SuiteRecord> records) {

  public SlicePart {
    records = List.copyOf(records);
  }
}
