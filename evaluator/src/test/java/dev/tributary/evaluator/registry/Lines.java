package dev.tributary.evaluator.registry;

import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.Verdict;
import java.time.Instant;
import java.util.List;

/** Makes lines of the log for tests. */
final class Lines {

  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private Lines() {}

  static ReleaseLine line(int version, ReleaseState state, Verdict verdict) {
    return line("acme/support", version, state, verdict, GateMark.NONE);
  }

  static ReleaseLine line(
      String adapter, int version, ReleaseState state, Verdict verdict, GateMark mark) {
    return new ReleaseLine(
        AdapterRelease.newBuilder()
            .setAdapter(adapter)
            .setVersion(version)
            .setName(adapter.replace('/', '.') + "@v" + version)
            .setState(state)
            .setVerdict(verdict)
            .setReasons(List.of("a test"))
            .setContentHash("0".repeat(64))
            .setBaseModel("tiny")
            .setBaseModelHash("1".repeat(64))
            .setOldestIngestTime(NOON)
            .setNewestIngestTime(NOON)
            .setCandidateTime(NOON)
            .setActor("gate")
            .setEventTime(NOON.plusSeconds(version))
            .build(),
        mark);
  }
}
