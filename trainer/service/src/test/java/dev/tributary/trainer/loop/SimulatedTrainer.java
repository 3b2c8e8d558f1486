package dev.tributary.trainer.loop;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.trainer.checkpoint.Checkpoint;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.ResumePoint;
import dev.tributary.trainer.learn.AdapterLearner;
import dev.tributary.trainer.learn.BatchTrainer;
import dev.tributary.trainer.learn.LessonPlan;
import dev.tributary.trainer.learn.TrainingObserver;
import dev.tributary.trainer.learn.Variation;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.pack.BatchLimits;
import dev.tributary.trainer.replay.ReplayLimits;
import dev.tributary.trainer.state.StateOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition's trainer without Kafka, threads and disk: the real state machine, memory, batch
 * trainer and checkpoints over a log in memory. What is committed survives {@link #crash}; all else
 * is lost.
 */
final class SimulatedTrainer implements PartitionCounts, TrainingObserver {

  static final TopicPartition PARTITION = new TopicPartition("tributary.examples", 0);
  private static final InputIdentity INPUT =
      new InputIdentity("cluster", PARTITION.topic(), "topic-id");

  private final LocalSchemaRegistry registry = new LocalSchemaRegistry();
  private final Path directory;
  private final BatchLimits limits;
  private final CandidatePolicy policy;
  private final Set<AdapterId> paused = new HashSet<>();
  private final SessionFactory sessions;
  private final JobRunner runner;

  // Committed.
  private final Map<AdapterId, byte[]> checkpoints = new TreeMap<>();
  private final Map<String, byte[]> stored = new TreeMap<>();
  private final List<String> candidates = new ArrayList<>();
  private final List<String> deadLetters = new ArrayList<>();
  private ResumePoint resume = new ResumePoint(INPUT, 0, 0, 0);

  private PartitionWork work;

  SimulatedTrainer(Path directory, BatchLimits limits, CandidatePolicy policy, LessonPlan plan) {
    this.directory = directory;
    this.limits = limits;
    this.policy = policy;
    CountingLearners learners = CountingLearners.quick();
    this.sessions = new SessionFactory(learners, new ReplayLimits(12, 1 << 16), 100, 42);
    this.runner =
        new JobRunner(
            new BatchTrainer(plan, Variation.NONE, this, () -> 0),
            policy,
            new InMemory(),
            learners,
            INPUT,
            Clock.systemUTC(),
            () -> 0);
    crash();
  }

  /** Loses everything that is not committed and begins anew from what is. */
  void crash() {
    PartitionSessions loaded =
        new PartitionSessions(sessions, PARTITION.partition(), Map.of(), paused::contains);
    checkpoints.values().forEach(bytes -> loaded.add(session(bytes)));
    work =
        new PartitionWork(
            PARTITION,
            resume,
            new ExampleReader(
                Contracts.decoder(TrainingExample.class, registry), CountingLearners::encode),
            limits,
            policy,
            loaded,
            this);
  }

  private AdapterSession session(byte[] bytes) {
    try {
      Path file = Files.write(directory.resolve("checkpoint"), bytes);
      AdapterSession session = sessions.restore(Checkpoint.read(file), file);
      session.checkpointed();
      return session;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  PartitionWork work() {
    return work;
  }

  /** Whom an operator has paused. */
  Set<AdapterId> paused() {
    return paused;
  }

  void fetched(List<ConsumerRecord<byte[], byte[]>> records) {
    work.fetched(records);
  }

  /** Trains and commits everything there is to do; see {@link PartitionWork#next}. */
  void drain(OptionalLong complete) {
    for (Optional<Job> job = work.next(complete); job.isPresent(); job = work.next(complete)) {
      commit(runner.run(job.get()), job.get());
    }
  }

  /** Does the next job without committing it. */
  Optional<JobResult> trainOnly(OptionalLong complete) {
    return work.next(complete).map(runner::run);
  }

  /** Commits offsets and dead letters alone. */
  void commitProgress() {
    commitPosition();
  }

  private void commit(JobResult result, Job job) {
    job.session().checkpointed();
    checkpoints.put(job.session().id(), stored.get(result.pointer().getContentHash()));
    result
        .candidate()
        .ifPresent(
            c -> candidates.add(c.getName() + " " + c.getContentHash() + " " + c.getSlices()));
    commitPosition();
  }

  private void commitPosition() {
    work.deadLetters()
        .forEach(
            letter ->
                deadLetters.add(
                    new String(
                        letter.headers().lastHeader("__streams.errors.offset").value(),
                        StandardCharsets.UTF_8)));
    resume = work.resumePoint();
    work.committed(resume);
  }

  /** Everything that outlives the process. */
  record Committed(
      Map<String, String> checkpoints, List<String> candidates, List<String> deadLetters) {}

  Committed committed() {
    Map<String, String> hashes = new TreeMap<>();
    checkpoints.forEach((id, bytes) -> hashes.put(id.toString(), InMemory.hash(bytes)));
    List<String> sorted = new ArrayList<>(candidates);
    sorted.sort(String::compareTo);
    return new Committed(hashes, sorted, List.copyOf(deadLetters));
  }

  /** Weights and memory of each adapter, without its input position. */
  Map<String, String> learnt() {
    Map<String, String> learnt = new TreeMap<>();
    for (AdapterId adapter : checkpoints.keySet()) {
      AdapterSession session = session(checkpoints.get(adapter));
      StateOutput state = new StateOutput();
      session.memory().write(state);
      try {
        session.learner().write(state.stream());
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      learnt.put(adapter.toString(), InMemory.hash(state.toByteArray()) + " " + session.progress());
    }
    return learnt;
  }

  ResumePoint resumePoint() {
    return resume;
  }

  /** What {@link CountingLearners} counted for an adapter, by its committed checkpoint. */
  Map<String, Integer> counts(AdapterId adapter) {
    AdapterSession session = session(checkpoints.get(adapter));
    return ((CountingLearners.CountingLearner) session.learner()).counts();
  }

  AdapterSession committedSession(AdapterId adapter) {
    return session(checkpoints.get(adapter));
  }

  @Override
  public void truncated(AdapterId adapter) {}

  @Override
  public void skipped(AdapterId adapter, String reason) {}

  @Override
  public void deadLetter(String reason) {}

  @Override
  public void superseded(AdapterId adapter, int examples, int forgotten) {}

  @Override
  public void diverged(AdapterId adapter) {}

  @Override
  public void stepped(AdapterId adapter, StepResult result, Duration duration) {}

  @Override
  public void taught(AdapterId adapter, int passes, int notLearnt) {}

  private final class InMemory implements Artifacts {
    @Override
    public String put(byte[] checkpoint) {
      String hash = hash(checkpoint);
      stored.put(hash, checkpoint);
      return hash;
    }

    @Override
    public String export(AdapterLearner learner) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try {
        learner.write(bytes);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
      return hash(bytes.toByteArray());
    }

    static String hash(byte[] bytes) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
