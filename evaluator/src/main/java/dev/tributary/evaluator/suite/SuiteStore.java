package dev.tributary.evaluator.suite;

import dev.tributary.foundation.AdapterId;
import java.util.HashMap;
import java.util.Map;

/** The suites of all adapters. Not thread safe: the evaluation loop owns it. */
public final class SuiteStore {

  private final SuiteLimits limits;
  private final Map<AdapterId, Suite> suites = new HashMap<>();

  public SuiteStore(SuiteLimits limits) {
    this.limits = limits;
  }

  /** Takes in a held-out record. */
  public Arrival addHeldOut(SuiteRecord record) {
    return of(AdapterId.parse(record.example().getAdapter())).addHeldOut(record);
  }

  /** Takes in a record that is trained on. */
  public Arrival addTold(SuiteRecord record) {
    return of(AdapterId.parse(record.example().getAdapter())).addTold(record);
  }

  /** The suite of an adapter, empty before its first record. */
  public Suite of(AdapterId adapter) {
    return suites.computeIfAbsent(adapter, id -> new Suite(limits));
  }
}
