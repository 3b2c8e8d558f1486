package dev.tributary.evaluator.score;

import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the gate compares on one slice: four models on the same records, in the same order.
 *
 * @param slice name
 * @param role what is asked of it
 * @param evidence what its records are
 * @param answered the records that were also answered
 * @param base the base model without an adapter; asked for answers on fresh parts only
 * @param reference the release that answers now; the base before the first
 * @param candidate the version to judge
 * @param best the best release ever, where it is another one than the reference
 */
public record SliceScores(
    String slice,
    SliceRole role,
    Evidence evidence,
    List<SuiteRecord> answered,
    ModelScores base,
    ModelScores reference,
    ModelScores candidate,
    Optional<ModelScores> best) {

  public SliceScores {
    answered = List.copyOf(answered);
  }

  public int records() {
    return candidate.losses().length;
  }

  /** Several slices of one role and kind of evidence as one, record by record. */
  public static SliceScores pool(String name, Collection<SliceScores> parts) {
    SliceScores first = parts.iterator().next();
    boolean withBest = parts.stream().allMatch(part -> part.best.isPresent());
    return new SliceScores(
        name,
        first.role,
        first.evidence,
        parts.stream().flatMap(part -> part.answered.stream()).toList(),
        concatenate(parts, SliceScores::base),
        concatenate(parts, SliceScores::reference),
        concatenate(parts, SliceScores::candidate),
        withBest
            ? Optional.of(concatenate(parts, part -> part.best.orElseThrow()))
            : Optional.empty());
  }

  private static ModelScores concatenate(
      Collection<SliceScores> parts, Function<SliceScores, ModelScores> model) {
    return ModelScores.concatenate(parts.stream().map(model).toList());
  }
}
