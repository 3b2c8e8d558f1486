package dev.tributary.evaluator.gate;

import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.Verdict;
import java.util.List;

/**
 * What the gate decided.
 *
 * @param reason the main reason
 * @param explanations every reason in words; never empty
 * @param slices the comparison, slice by slice; empty when nothing could be compared
 */
public record GateDecision(GateReason reason, List<String> explanations, List<SliceResult> slices) {

  public GateDecision {
    explanations = List.copyOf(explanations);
    slices = List.copyOf(slices);
    if (explanations.isEmpty()) {
      throw new IllegalArgumentException("a decision without a reason: " + reason);
    }
  }

  /** A decision taken without comparing slices. */
  public static GateDecision without(GateReason reason, String explanation) {
    return new GateDecision(reason, List.of(explanation), List.of());
  }

  public Verdict verdict() {
    return reason.verdict();
  }
}
