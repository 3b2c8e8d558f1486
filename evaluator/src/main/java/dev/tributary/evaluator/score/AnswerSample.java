package dev.tributary.evaluator.score;

import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.fact.Answer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Chooses the records that are also answered, by a hash of their ids and the seed: the same ones
 * for every model, and mostly the same ones as a slice grows, so that what is remembered stays
 * useful. Of told records the newest corrections come first, and then each answer as often as the
 * others, so that as many facts as possible are asked for. Immutable.
 */
final class AnswerSample {

  private final ScoringConfig config;
  private final long seed;

  AnswerSample(ScoringConfig config, long seed) {
    this.config = config;
    this.seed = seed;
  }

  /** Ids of the records to answer. */
  Set<String> of(List<EncodedPart> parts) {
    Set<String> chosen = new HashSet<>();
    for (EncodedPart part : parts) {
      switch (part.part().evidence()) {
        case HELD_OUT, UNSEEN ->
            add(chosen, byLot(part.records()), config.generatedRecordsPerSlice());
        case RECALL -> add(chosen, byLot(part.records()), config.generatedRecallRecords());
        case TOLD -> {
          // Chosen from all slices together, below.
        }
      }
    }
    for (SliceRole role : SliceRole.values()) {
      addTold(
          chosen,
          parts.stream()
              .filter(part -> part.part().evidence() == Evidence.TOLD)
              .filter(part -> part.part().role() == role)
              .flatMap(part -> part.records().stream())
              .toList());
    }
    return chosen;
  }

  private void addTold(Set<String> chosen, List<EncodedRecord> told) {
    int limit = config.generatedToldRecords();
    Set<String> corrections = new HashSet<>();
    add(
        corrections,
        told.stream().filter(AnswerSample::isCorrection).sorted(NEWEST_FIRST),
        (limit + 1) / 2);
    Map<String, Integer> seen = new HashMap<>();
    Map<String, Integer> turns = new HashMap<>();
    byLot(told)
        .filter(record -> !corrections.contains(record.id()))
        .forEach(record -> turns.put(record.id(), seen.merge(answer(record), 1, Integer::sum)));
    add(
        corrections,
        byLot(told)
            .filter(record -> turns.containsKey(record.id()))
            .sorted(Comparator.comparing(record -> turns.get(record.id()))),
        limit - corrections.size());
    chosen.addAll(corrections);
  }

  private static final Comparator<EncodedRecord> NEWEST_FIRST =
      Comparator.comparing((EncodedRecord record) -> record.record().example().getEventTime())
          .thenComparing(record -> record.record().offset())
          .reversed();

  private static boolean isCorrection(EncodedRecord record) {
    return record.record().example().getRejected() != null;
  }

  private static String answer(EncodedRecord record) {
    TrainingExample example = record.record().example();
    return Answer.fold(example.getCompletion());
  }

  private static void add(Set<String> chosen, Stream<EncodedRecord> records, int limit) {
    records.limit(limit).map(EncodedRecord::id).forEach(chosen::add);
  }

  private Stream<EncodedRecord> byLot(List<EncodedRecord> records) {
    return records.stream()
        .sorted(Comparator.comparingLong(this::lot).thenComparing(EncodedRecord::id));
  }

  private long lot(EncodedRecord record) {
    return new SplittableRandom(seed ^ record.id().hashCode()).nextLong();
  }
}
