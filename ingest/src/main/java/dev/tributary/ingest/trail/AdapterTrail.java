package dev.tributary.ingest.trail;

import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.PartitionOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What became of one adapter's training: at which step its checkpoints and versions were cut and
 * what was decided of the newest versions. Used under the {@link Trail}'s lock.
 */
final class AdapterTrail {

  /** Far more than lie between an example and its first version. */
  private static final int MAX_CUTS = 10_000;

  private static final int MAX_VERSIONS = 1_000;

  /** Position in the input to the steps done there; of a partition, for it could be another one. */
  private final Map<Integer, NavigableMap<Long, Long>> cuts = new HashMap<>();

  private final NavigableMap<Integer, JudgedVersion> versions = new TreeMap<>();

  void add(CheckpointPointer checkpoint) {
    addCut(checkpoint.getPosition(), checkpoint.getStep());
  }

  /** The topic is compacted, so of a version only the newest lines may be left. */
  void add(AdapterRelease line) {
    versions.compute(line.getVersion(), (version, earlier) -> JudgedVersion.of(line, earlier));
    if (line.getPosition() != null) {
      addCut(line.getPosition(), line.getStep());
    }
    if (versions.size() > MAX_VERSIONS) {
      versions.values().stream()
          .filter(version -> !version.isActive())
          .findFirst()
          .ifPresent(oldest -> versions.remove(oldest.version()));
    }
  }

  /** Steps done at the first cut that contains the example; empty if it is not trained yet. */
  Optional<Long> step(TrailEntry example) {
    return Optional.ofNullable(cuts.get(example.partition()))
        .map(positions -> positions.higherEntry(example.offset()))
        .map(Map.Entry::getValue);
  }

  /** The judged versions that contain the example, oldest first. */
  List<JudgedVersion> containing(TrailEntry example) {
    return versions.values().stream().filter(version -> version.contains(example)).toList();
  }

  private void addCut(PartitionOffset position, long step) {
    NavigableMap<Long, Long> positions =
        cuts.computeIfAbsent(position.getPartition(), partition -> new TreeMap<>());
    positions.merge(position.getOffset(), step, Math::min);
    if (positions.size() > MAX_CUTS) {
      positions.pollFirstEntry();
    }
  }
}
