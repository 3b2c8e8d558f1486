package dev.tributary.evaluator.suite;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.TrainingExample;
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
  public Arrival add(HeldOutRecord record) {
    return of(AdapterId.parse(record.example().getAdapter())).add(record);
  }

  /** Learns from an example that is trained on which answer holds under its fact key. */
  public void learnFact(TrainingExample example) {
    if (example.getFactKey() != null) {
      of(AdapterId.parse(example.getAdapter())).learnFact(example);
    }
  }

  /** The suite of an adapter, empty before its first record. */
  public Suite of(AdapterId adapter) {
    return suites.computeIfAbsent(adapter, id -> new Suite(limits));
  }
}
