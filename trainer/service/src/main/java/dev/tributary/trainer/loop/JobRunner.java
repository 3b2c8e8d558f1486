package dev.tributary.trainer.loop;

import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.trainer.checkpoint.Checkpoint;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.learn.BatchTrainer;
import dev.tributary.trainer.learn.DivergedException;
import dev.tributary.trainer.learn.Learners;
import dev.tributary.trainer.lineage.CandidateLineage;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.state.StateOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Does a job on the training thread: trains, stores the checkpoint's bytes, and exports and stores
 * a candidate if one is due. Nothing it stores counts until the loop has committed the result.
 */
final class JobRunner {

  private final BatchTrainer trainer;
  private final CandidatePolicy policy;
  private final Artifacts artifacts;
  private final Learners learners;
  private final InputIdentity input;
  private final Clock clock;
  private final LongSupplier nanoTime;

  JobRunner(
      BatchTrainer trainer,
      CandidatePolicy policy,
      Artifacts artifacts,
      Learners learners,
      InputIdentity input,
      Clock clock,
      LongSupplier nanoTime) {
    this.trainer = trainer;
    this.policy = policy;
    this.artifacts = artifacts;
    this.learners = learners;
    this.input = input;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * @throws DivergedException if the loss is no number
   * @throws dev.tributary.foundation.error.RetriableException if the store is full or fails
   */
  JobResult run(Job job) {
    AdapterSession session = job.session();
    Optional<TrainedBatch> trained =
        job.batch()
            .map(batch -> trainer.train(session.id(), session.learner(), session.memory(), batch));
    trained.ifPresent(batch -> session.trained(batch, job.nextOffset()));
    CandidateLineage lineage = session.progress().sinceCandidate();
    boolean due = job.batch().isEmpty() || policy.isDue(lineage);
    Progress before = session.progress();
    if (due) {
      session.emitted(session.nextVersion());
    }
    long start = nanoTime.getAsLong();
    String checkpoint = artifacts.put(checkpoint(job).toBytes());
    Optional<AdapterCandidate> candidate =
        due ? Optional.of(candidate(job, before, checkpoint)) : Optional.empty();
    Duration storing = Duration.ofNanos(nanoTime.getAsLong() - start);
    return new JobResult(pointer(job, checkpoint), candidate, trained, storing);
  }

  private Checkpoint checkpoint(Job job) {
    AdapterSession session = job.session();
    StateOutput memory = new StateOutput();
    session.memory().write(memory);
    return new Checkpoint(
        session.id(),
        input,
        job.partition().partition(),
        session.nextOffset(),
        job.resumeOffset(),
        learners.baseModelHash(),
        session.progress(),
        memory.toByteArray(),
        learnerBytes(session));
  }

  private static byte[] learnerBytes(AdapterSession session) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      session.learner().write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory cannot fail", e);
    }
    return bytes.toByteArray();
  }

  private CheckpointPointer pointer(Job job, String checkpoint) {
    AdapterSession session = job.session();
    return CheckpointPointer.newBuilder()
        .setAdapter(session.id().toString())
        .setContentHash(checkpoint)
        .setStep(session.learner().step())
        .setVersion(session.progress().version())
        .setClusterId(input.clusterId())
        .setPosition(position(job))
        .setExamplesTrained(session.progress().examplesTrained())
        .setTokensTrained(session.progress().tokensTrained())
        .setBaseModel(learners.baseModel())
        .setBaseModelHash(learners.baseModelHash())
        .setCreatedAt(clock.instant())
        .build();
  }

  private AdapterCandidate candidate(Job job, Progress before, String checkpoint) {
    AdapterSession session = job.session();
    CandidateLineage lineage = before.sinceCandidate();
    int version = session.progress().version();
    Map<String, Long> slices = new TreeMap<>(lineage.slices());
    return AdapterCandidate.newBuilder()
        .setAdapter(session.id().toString())
        .setVersion(version)
        .setName(session.id().versionName(version))
        .setContentHash(artifacts.export(session.learner()))
        .setCheckpointHash(checkpoint)
        .setBaseModel(learners.baseModel())
        .setBaseModelHash(learners.baseModelHash())
        .setParentVersion(before.version())
        .setStep(session.learner().step())
        .setNewExamples(lineage.examples())
        .setExamplesTrained(before.examplesTrained())
        .setSlices(slices)
        .setNotLearnt(List.copyOf(lineage.notLearnt()))
        .setReplayRatio(lineage.replayRatio())
        .setTrainLoss(lineage.meanLoss())
        .setFromOffset(lineage.fromOffset())
        .setPosition(position(job))
        .setOldestIngestTime(Instant.ofEpochMilli(lineage.oldestIngestTime()))
        .setNewestIngestTime(Instant.ofEpochMilli(lineage.newestIngestTime()))
        .setCreatedAt(clock.instant())
        .build();
  }

  private PartitionOffset position(Job job) {
    return PartitionOffset.newBuilder()
        .setTopic(input.topic())
        .setTopicId(input.topicId())
        .setPartition(job.partition().partition())
        .setOffset(job.session().nextOffset())
        .build();
  }
}
