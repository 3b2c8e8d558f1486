package dev.tributary.evaluator.score;

import dev.tributary.schemas.SliceRole;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the gate compares on one slice: four models on the same records, in the same order.
 *
 * @param slice name
 * @param role what is asked of it
 * @param base the base model without an adapter
 * @param reference the release that answers now; the base before the first
 * @param candidate the version to judge
 * @param best the best release ever, where it is another one than the reference
 */
public record SliceScores(
    String slice,
    SliceRole role,
    ModelScores base,
    ModelScores reference,
    ModelScores candidate,
    Optional<ModelScores> best) {

  public int records() {
    return candidate.losses().length;
  }

  /** Several slices as one, record by record. */
  public static SliceScores pool(String name, SliceRole role, Collection<SliceScores> parts) {
    boolean withBest = !parts.isEmpty() && parts.stream().allMatch(part -> part.best.isPresent());
    return new SliceScores(
        name,
        role,
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
