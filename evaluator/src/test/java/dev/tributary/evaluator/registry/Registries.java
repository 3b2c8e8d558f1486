package dev.tributary.evaluator.registry;

import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.Verdict;
import java.util.stream.IntStream;

/** Makes filled registries for tests of other packages. */
public final class Registries {

  private Registries() {}

  /** Adapters with one version each, which answers and was measured on so many slices. */
  public static Registry of(int adapters, int slices) {
    Registry registry = new Registry();
    for (int i = 0; i < adapters; i++) {
      ReleaseLine line =
          Lines.line("t%04d/d".formatted(i), 1, ReleaseState.ACTIVE, Verdict.PASSED, GateMark.NONE);
      registry.apply(
          new ReleaseLine(
              AdapterRelease.newBuilder(line.release())
                  .setSlices(IntStream.range(0, slices).mapToObj(Registries::slice).toList())
                  .build(),
              line.mark()));
    }
    return registry;
  }

  /** One adapter: a release, then candidates that were refused, all for this reason. */
  public static AdapterVersions refused(int candidates, String reason) {
    Registry registry = new Registry();
    ReleaseLine release = Lines.line(1, ReleaseState.ACTIVE, Verdict.PASSED);
    registry.apply(release);
    for (int i = 0; i < candidates; i++) {
      registry.apply(
          Lines.line(2 + i, ReleaseState.GATED, Verdict.FAILED)
              .moved(ReleaseState.GATED, "gate", reason, Lines.NOON));
    }
    return registry.of(release.adapter());
  }

  private static SliceResult slice(int number) {
    return SliceResult.newBuilder()
        .setSlice("s" + number)
        .setRole(SliceRole.RETAINED)
        .setRecords(8)
        .setLossBase(3)
        .setLossReference(1)
        .setLossCandidate(1.5)
        .setDelta(0.5)
        .setCiLow(0.4)
        .setCiHigh(0.6)
        .setExactMatchBase(0)
        .setExactMatchReference(1)
        .setExactMatchCandidate(1)
        .setF1Base(0)
        .setF1Reference(1)
        .setF1Candidate(1)
        .setPassed(true)
        .setReason("")
        .build();
  }
}
