package dev.tributary.evaluator.loop;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.gate.Gate;
import dev.tributary.evaluator.gate.GateDecision;
import dev.tributary.evaluator.gate.GatePolicy;
import dev.tributary.evaluator.gate.GateReason;
import dev.tributary.evaluator.gate.Rivals;
import dev.tributary.evaluator.registry.AdapterVersions;
import dev.tributary.evaluator.registry.GateMark;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.evaluator.score.AdapterLoader;
import dev.tributary.evaluator.score.ScoredModel;
import dev.tributary.evaluator.score.SliceScores;
import dev.tributary.evaluator.score.SuiteScorer;
import dev.tributary.evaluator.suite.BaseKnowledge;
import dev.tributary.evaluator.suite.Recall;
import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.evaluator.suite.SuiteReader;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.evaluator.suite.SuiteSplit;
import dev.tributary.evaluator.suite.SuiteView;
import dev.tributary.evaluator.suite.ToldSince;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceRole;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one candidate to the test: loads the models, divides the suite, scores, and asks the gate.
 * One thread.
 */
final class Examiner {

  private static final Logger LOG = LoggerFactory.getLogger(Examiner.class);
  private static final Duration SUITE_PATIENCE = Duration.ofMinutes(10);

  private final BaseModel base;
  private final AdapterLoader loader;
  private final SuiteReader suites;
  private final SuiteScorer scorer;
  private final BaseKnowledge knowledge;
  private final GatePolicy policy;
  private final Gate gate;
  private final Clock clock;

  Examiner(
      BaseModel base,
      AdapterLoader loader,
      SuiteReader suites,
      SuiteScorer scorer,
      BaseKnowledge knowledge,
      GatePolicy policy,
      Clock clock) {
    this.base = base;
    this.loader = loader;
    this.suites = suites;
    this.scorer = scorer;
    this.knowledge = knowledge;
    this.policy = policy;
    this.gate = new Gate(policy);
    this.clock = clock;
  }

  /** Reads the records that have arrived. */
  void catchUp() {
    suites.readToEnd(SUITE_PATIENCE);
  }

  /** Judges a candidate against what the registry knows of its adapter. */
  Evaluation examine(Candidate candidate, AdapterVersions known) {
    catchUp();
    SuiteView suite = suites.store().of(candidate.adapter()).view();
    Optional<ReleaseLine> reference = known.active();
    if (!candidate.version().getBaseModelHash().equals(base.fingerprint())) {
      return uncompared(candidate, suite, reference, GateReason.WRONG_BASE, wrongBase(candidate));
    }
    ScoredModel candidateModel;
    ScoredModel referenceModel;
    try {
      candidateModel = loader.load(candidate.version());
    } catch (CorruptArtifactException e) {
      return uncompared(candidate, suite, reference, GateReason.CORRUPT_ARTIFACT, e.getMessage());
    }
    try {
      referenceModel = reference.map(line -> loader.load(line.release())).orElse(ScoredModel.BASE);
    } catch (CorruptArtifactException e) {
      return uncompared(
          candidate,
          suite,
          reference,
          GateReason.REFERENCE_UNAVAILABLE,
          "the release that answers now cannot be loaded: " + e.getMessage());
    }
    return compare(candidate, candidateModel, known, referenceModel, suite);
  }

  private Evaluation compare(
      Candidate candidate,
      ScoredModel candidateModel,
      AdapterVersions known,
      ScoredModel referenceModel,
      SuiteView suite) {
    Optional<ReleaseLine> reference = known.active();
    List<SlicePart> parts =
        SuiteSplit.of(
            suite,
            reference.map(ReleaseLine::mark).orElse(GateMark.NONE),
            candidate.toldSince(reference),
            candidate.taught());
    Optional<Best> best =
        policy.compareWithBest() ? best(known, reference, referenceModel, parts) : Optional.empty();
    List<SliceScores> scores =
        new ArrayList<>(
            scorer.score(
                parts,
                referenceModel,
                candidateModel,
                best.map(Best::model).filter(model -> !model.id().equals(referenceModel.id()))));
    ToldAnswers told = ToldAnswers.of(scores);
    scores.addAll(
        scorer.score(
            recall(candidate, parts, told.before()),
            referenceModel,
            candidateModel,
            Optional.empty()));
    Rivals rivals =
        new Rivals(
            reference.map(ReleaseLine::name).orElse(Rivals.BASE),
            best.map(b -> b.line().name() + " (the best release ever)").orElse("no release"));
    GateDecision decision = gate.decide(scores, rivals);
    return new Evaluation(
        decision,
        told.shown(),
        mark(candidate, suite, best.map(b -> b.line().version()).orElse(0)),
        reference.map(ReleaseLine::version).orElse(0),
        // A lie in the weights would come back with the candidate that follows.
        SuiteSplit.isTaughtByOthers(suite, candidate.toldSince(reference))
            ? List.of()
            : Forgotten.toTellAgain(
                decision, scores, candidate.version().getVersion(), known, clock.instant()));
  }

  /** What the base knew and nobody has told otherwise. */
  private List<SlicePart> recall(
      Candidate candidate, List<SlicePart> parts, Map<String, String> formerAnswers) {
    List<SuiteRecord> records =
        Recall.of(knowledge.answers(), candidate.version().getAdapter())
            .without(told(parts, SliceRole.FRESH), told(parts, SliceRole.RETAINED), formerAnswers);
    return records.isEmpty()
        ? List.of()
        : List.of(new SlicePart(Recall.SLICE, SliceRole.RETAINED, Evidence.RECALL, records));
  }

  private static List<SuiteRecord> told(List<SlicePart> parts, SliceRole role) {
    return parts.stream()
        .filter(part -> part.evidence() == Evidence.TOLD && part.role() == role)
        .flatMap(part -> part.records().stream())
        .toList();
  }

  private Evaluation uncompared(
      Candidate candidate,
      SuiteView suite,
      Optional<ReleaseLine> reference,
      GateReason reason,
      String words) {
    return new Evaluation(
        GateDecision.without(reason, words),
        List.of(),
        mark(candidate, suite, 0),
        reference.map(ReleaseLine::version).orElse(0),
        List.of());
  }

  private String wrongBase(Candidate candidate) {
    return "it was trained on base model '%s' (fingerprint %s), this evaluator has '%s' (%s)"
        .formatted(
            candidate.version().getBaseModel(),
            candidate.version().getBaseModelHash(),
            base.name(),
            base.fingerprint());
  }

  /**
   * Records that could settle an open verdict and arrived after the last look at it, as far as they
   * are read: held-out ones, and told ones the version has not seen.
   */
  int arrivedSince(ReleaseLine line, Optional<ReleaseLine> reference) {
    SuiteView suite = suites.store().of(line.adapter()).view();
    ToldSince told = Candidate.held(line).toldSince(reference);
    long heldOut =
        suite.heldOut().values().stream()
            .flatMap(List::stream)
            .filter(record -> !line.mark().covers(record.partition(), record.offset()))
            .count();
    long unseen =
        SuiteSplit.unseen(suite, told).stream()
            .flatMap(part -> part.records().stream())
            .filter(record -> record.offset() >= line.mark().toldOffset())
            .count();
    return (int) (heldOut + unseen);
  }

  /**
   * The better, on all that must be retained, of the current release and the best one before it.
   * Carried from gate to gate, this is the best release ever without scoring all of them again.
   */
  private Optional<Best> best(
      AdapterVersions known,
      Optional<ReleaseLine> reference,
      ScoredModel referenceModel,
      List<SlicePart> parts) {
    Optional<Best> current = reference.map(line -> new Best(line, referenceModel));
    Optional<Best> earlier =
        known
            .newest(line -> line.mark().anchorVersion() > 0)
            .flatMap(line -> known.version(line.mark().anchorVersion()))
            .filter(line -> line.state() != ReleaseState.ROLLED_BACK)
            .filter(line -> reference.isEmpty() || line.version() != reference.get().version())
            .flatMap(this::load);
    if (earlier.isEmpty() || current.isEmpty()) {
      return earlier.or(() -> current);
    }
    double earlierLoss = scorer.retainedLoss(parts, earlier.get().model());
    double currentLoss = scorer.retainedLoss(parts, referenceModel);
    return currentLoss <= earlierLoss ? current : earlier;
  }

  private Optional<Best> load(ReleaseLine line) {
    try {
      return Optional.of(new Best(line, loader.load(line.release())));
    } catch (CorruptArtifactException e) {
      LOG.warn(
          "the best release {} cannot be loaded and is left out: {}", line.name(), e.getMessage());
      return Optional.empty();
    }
  }

  private GateMark mark(Candidate candidate, SuiteView suite, int bestVersion) {
    PartitionOffset position = candidate.version().getPosition();
    long toldOffset = position == null ? 0 : suites.toldPosition(position.getPartition());
    return suite.heldOut().values().stream()
        .flatMap(List::stream)
        .findFirst()
        .map(SuiteRecord::partition)
        .map(p -> new GateMark(p, suites.heldOutPosition(p), bestVersion, toldOffset))
        .orElse(new GateMark(GateMark.NONE.heldOutPartition(), 0, bestVersion, toldOffset));
  }

  private record Best(ReleaseLine line, ScoredModel model) {}
}
