package dev.tributary.evaluator.suite;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * What of a suite holds at one moment, by slice and in order of arrival. Immutable.
 *
 * @param heldOut never trained on
 * @param told trained on, by a candidate that has read so far
 */
public record SuiteView(
    SortedMap<String, List<SuiteRecord>> heldOut, SortedMap<String, List<SuiteRecord>> told) {

  public SuiteView {
    heldOut = Collections.unmodifiableSortedMap(heldOut);
    told = Collections.unmodifiableSortedMap(told);
  }
}
