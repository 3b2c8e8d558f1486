package dev.tributary.ingest.trail;

import dev.tributary.ingest.trail.RecordTrail.Example;
import dev.tributary.ingest.trail.RecordTrail.Judged;
import dev.tributary.ingest.trail.RecordTrail.Served;
import dev.tributary.ingest.trail.RecordTrail.Trained;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Verdict;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where examples are and what became of them: a view of the topics behind the topology. Bounded: it
 * knows the newest records. Thread-safe.
 */
public final class Trail {

  private final Map<String, TrailEntry> records;
  private final Map<String, TrailEntry> newestByQuestion;
  private final Map<String, TrailEntry> newestByFact;
  private final Map<String, AdapterTrail> adapters = new HashMap<>();
  private long sequence;

  /**
   * @param limit how many records to know at most
   */
  public Trail(int limit) {
    records = newest(limit);
    newestByQuestion = newest(limit);
    newestByFact = newest(limit);
  }

  synchronized void add(TrainingExample example, LogPlace place, boolean heldOut) {
    TrailEntry entry = TrailEntry.of(example, place, heldOut, sequence++);
    put(records, key(example.getOrigin().getTopic(), entry.recordId()), entry);
    if (entry.trusted() && entry.teaches()) {
      putIfNewer(newestByQuestion, entry.claim().questionKey(), entry);
      if (entry.factKey() != null) {
        putIfNewer(newestByFact, factKey(entry), entry);
      }
    }
  }

  synchronized void add(CheckpointPointer checkpoint) {
    adapter(checkpoint.getAdapter()).add(checkpoint);
  }

  synchronized void add(AdapterRelease line) {
    adapter(line.getAdapter()).add(line);
  }

  /**
   * What is known of a record whose example was written; empty if none was, or it is too old.
   *
   * @param topic the record's own
   */
  public synchronized Optional<RecordTrail> find(String topic, String recordId) {
    return Optional.ofNullable(records.get(key(topic, recordId))).map(this::trail);
  }

  private RecordTrail trail(TrailEntry entry) {
    AdapterTrail adapter = adapter(entry.adapter());
    boolean trainable = entry.teaches() && !entry.heldOut();
    List<JudgedVersion> versions = trainable ? adapter.containing(entry) : List.of();
    Trained trained = trainable ? trained(entry, adapter, versions) : null;
    Judged verdict = versions.isEmpty() ? null : judged(versions.getLast());
    Served served = served(versions);
    RecordStatus status = status(entry, trained, versions, served);
    return new RecordTrail(
        entry.adapter(),
        entry.requestId(),
        status,
        entry.teaches() ? entry.heldOut() : null,
        entry.ingestTime(),
        latest(
            entry.appendedAt(),
            verdict == null ? null : verdict.at(),
            served == null ? null : served.since()),
        new Example(entry.exampleId(), entry.partition(), entry.offset()),
        trained,
        verdict,
        served,
        advice(status, entry, trained, versions, verdict));
  }

  private static Trained trained(
      TrailEntry entry, AdapterTrail adapter, List<JudgedVersion> versions) {
    return adapter
        .step(entry)
        .map(
            step ->
                versions.isEmpty()
                    ? new Trained(null, step, null)
                    : new Trained(
                        versions.getFirst().version(),
                        step,
                        !versions.getFirst().notLearnt().contains(entry.recordId())))
        .orElse(null);
  }

  private static Judged judged(JudgedVersion version) {
    return new Judged(
        version.name(),
        version.verdict().name().toLowerCase(Locale.ROOT),
        version.reasons(),
        version.at());
  }

  private static Served served(List<JudgedVersion> versions) {
    return versions.stream()
        .filter(JudgedVersion::isActive)
        .findFirst()
        .map(
            active ->
                new Served(
                    active.name(),
                    versions.stream()
                        .map(JudgedVersion::activeSince)
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo)
                        .orElse(active.at())))
        .orElse(null);
  }

  private RecordStatus status(
      TrailEntry entry, Trained trained, List<JudgedVersion> versions, Served served) {
    if (!entry.teaches()) {
      return RecordStatus.NO_EXAMPLE;
    } else if (isReplaced(entry)) {
      return RecordStatus.REPLACED;
    } else if (entry.heldOut()) {
      return RecordStatus.HELD_OUT;
    } else if (trained == null) {
      return RecordStatus.QUEUED;
    } else if (versions.isEmpty()) {
      return RecordStatus.TRAINED;
    } else if (served != null) {
      return trained.learnt() ? RecordStatus.SERVED : RecordStatus.REFUSED;
    }
    return status(versions.getLast());
  }

  /** Of a record in versions none of which answers. */
  private static RecordStatus status(JudgedVersion newest) {
    return switch (newest.verdict()) {
      case FAILED -> RecordStatus.REFUSED;
      case INCONCLUSIVE ->
          newest.state() == ReleaseState.GATED ? RecordStatus.UNDECIDED : RecordStatus.REFUSED;
      case PASSED -> isUnderWay(newest) ? RecordStatus.TRAINED : RecordStatus.REFUSED;
    };
  }

  private static boolean isUnderWay(JudgedVersion version) {
    return version.state() == ReleaseState.GATED || version.state() == ReleaseState.PUBLISHED;
  }

  private static Advice advice(
      RecordStatus status,
      TrailEntry entry,
      Trained trained,
      List<JudgedVersion> versions,
      Judged verdict) {
    boolean open = status != RecordStatus.REPLACED && status != RecordStatus.TRAINED;
    if (open && trained != null && Boolean.FALSE.equals(trained.learnt())) {
      return Advice.notLearnt();
    }
    return switch (status) {
      case NO_EXAMPLE -> Advice.noExample();
      case REPLACED -> Advice.replaced();
      case HELD_OUT -> Advice.heldOut();
      case QUEUED -> Advice.queued();
      case TRAINED -> verdict == null ? Advice.trained(entry.adapter()) : Advice.passed(verdict);
      case UNDECIDED -> Advice.undecided(verdict, entry.adapter());
      case REFUSED ->
          versions.getLast().verdict() == Verdict.FAILED
              ? Advice.refused(verdict, entry.adapter())
              : Advice.notServed(verdict, entry.adapter());
      case SERVED -> Advice.served();
      case WAITING_FOR_INTERACTION, UNMATCHED, WAITING_FOR_VOICES ->
          throw new IllegalStateException("a record with an example is not " + status);
    };
  }

  private boolean isReplaced(TrailEntry entry) {
    return Stream.of(
            newestByQuestion.get(entry.claim().questionKey()),
            entry.factKey() == null ? null : newestByFact.get(factKey(entry)))
        .filter(Objects::nonNull)
        .anyMatch(
            newest ->
                newest.isAfter(entry) && !newest.claim().answer().equals(entry.claim().answer()));
  }

  private AdapterTrail adapter(String name) {
    return adapters.computeIfAbsent(name, key -> new AdapterTrail());
  }

  private static void putIfNewer(Map<String, TrailEntry> map, String key, TrailEntry entry) {
    TrailEntry known = map.get(key);
    if (known == null || entry.isAfter(known)) {
      put(map, key, entry);
    }
  }

  /** As the newest of the map. */
  private static void put(Map<String, TrailEntry> map, String key, TrailEntry entry) {
    map.remove(key);
    map.put(key, entry);
  }

  private static Map<String, TrailEntry> newest(int limit) {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<String, TrailEntry> eldest) {
        return size() > limit;
      }
    };
  }

  private static Instant latest(Instant... times) {
    return Stream.of(times).filter(Objects::nonNull).max(Instant::compareTo).orElseThrow();
  }

  private static String key(String topic, String recordId) {
    return topic + '\0' + recordId;
  }

  private static String factKey(TrailEntry entry) {
    return entry.adapter() + '\0' + entry.factKey();
  }
}
