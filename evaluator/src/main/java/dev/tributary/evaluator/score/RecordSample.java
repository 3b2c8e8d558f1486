package dev.tributary.evaluator.score;

import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.fact.Answer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the told records that are scored and the records that are also answered, by a hash of
 * their ids and the seed: the same ones for every model, and mostly the same ones as a slice grows,
 * so that what is remembered stays useful. Of told records the newest corrections come first, and
 * then each answer as often as the others, so that as many facts as possible are asked for.
 * Immutable.
 */
final class RecordSample {

  private static final Comparator<SuiteRecord> NEWEST_FIRST =
      Comparator.comparing((SuiteRecord record) -> record.example().getEventTime())
          .thenComparing(SuiteRecord::offset)
          .reversed();

  private final ScoringConfig config;
  private final long seed;

  RecordSample(ScoringConfig config, long seed) {
    this.config = config;
    this.seed = seed;
  }

  /** The same parts with no more told records than are scored. */
  List<SlicePart> scored(List<SlicePart> parts) {
    Set<String> chosen = told(parts, config.scoredToldRecords());
    return parts.stream()
        .map(part -> part.evidence() == Evidence.TOLD ? only(part, chosen) : part)
        .toList();
  }

  /** Ids of the records to answer. */
  Set<String> answered(List<SlicePart> parts) {
    Set<String> chosen = told(parts, config.generatedToldRecords());
    for (SlicePart part : parts) {
      int limit =
          switch (part.evidence()) {
            case HELD_OUT, UNSEEN -> config.generatedRecordsPerSlice();
            case RECALL -> config.generatedRecallRecords();
            case TOLD -> 0; // Chosen from all slices together, above.
          };
      byLot(part.records()).limit(limit).map(SuiteRecord::id).forEach(chosen::add);
    }
    return chosen;
  }

  private Set<String> told(List<SlicePart> parts, int limit) {
    Set<String> chosen = new HashSet<>();
    for (SliceRole role : SliceRole.values()) {
      chosen.addAll(
          chooseTold(
              parts.stream()
                  .filter(part -> part.evidence() == Evidence.TOLD && part.role() == role)
                  .flatMap(part -> part.records().stream())
                  .toList(),
              limit));
    }
    return chosen;
  }

  private Set<String> chooseTold(List<SuiteRecord> told, int limit) {
    Set<String> chosen =
        told.stream()
            .filter(record -> record.example().getRejected() != null)
            .sorted(NEWEST_FIRST)
            .limit((limit + 1) / 2)
            .map(SuiteRecord::id)
            .collect(Collectors.toCollection(HashSet::new));
    List<SuiteRecord> others = byLot(told).filter(record -> !chosen.contains(record.id())).toList();
    Map<String, Integer> wordings = new HashMap<>();
    Map<String, Integer> turns = new HashMap<>();
    for (SuiteRecord record : others) {
      String answer = Answer.fold(record.example().getCompletion());
      turns.put(record.id(), wordings.merge(answer, 1, Integer::sum));
    }
    others.stream()
        .sorted(Comparator.comparing(record -> turns.get(record.id())))
        .limit(limit - chosen.size())
        .map(SuiteRecord::id)
        .forEach(chosen::add);
    return chosen;
  }

  private static SlicePart only(SlicePart part, Set<String> chosen) {
    return new SlicePart(
        part.slice(),
        part.role(),
        part.evidence(),
        part.records().stream().filter(record -> chosen.contains(record.id())).toList());
  }

  private Stream<SuiteRecord> byLot(List<SuiteRecord> records) {
    return records.stream()
        .sorted(
            Comparator.<SuiteRecord>comparingLong(record -> record.lot(seed))
                .thenComparing(SuiteRecord::id));
  }
}
