package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.AdapterId;
import dev.tributary.schemas.Trust;
import dev.tributary.trainer.learn.LessonPlan;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.pack.BatchLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The transactional promise without Kafka, for many seeds: however a log is cut into fetches,
 * whenever the wall clock allows a batch to close, and wherever the process dies, what is committed
 * in the end is the same.
 */
class TrainingSimulationTest {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");
  private static final AdapterId SALES = AdapterId.parse("acme/sales");
  private static final AdapterId RETURNS = AdapterId.parse("globex/returns");
  private static final List<AdapterId> ADAPTERS = List.of(SUPPORT, SALES, RETURNS);
  private static final OptionalLong UNKNOWN = OptionalLong.empty();
  private static final OptionalLong FOR_EVER = OptionalLong.of(Long.MAX_VALUE);

  @TempDir Path directory;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("tributary.seeds", 100));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void disturbancesLeaveNoTrace(long seed) {
    // given a log, and what a trainer makes of it that reads it at once
    SplittableRandom random = new SplittableRandom(seed);
    List<ConsumerRecord<byte[], byte[]>> log = log(random);
    SimulatedTrainer undisturbed = undisturbed(log);

    // when another is disturbed
    SimulatedTrainer disturbed = trainer(0.4);
    disturb(disturbed, log, random, false);

    // then
    assertEquals(undisturbed.committed(), disturbed.committed());
    assertEquals(undisturbed.resumePoint(), disturbed.resumePoint());
    List<String> candidates = disturbed.committed().candidates();
    assertEquals(candidates.size(), new HashSet<>(candidates).size());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void pausesChangeNothingThatIsLearnt(long seed) {
    // given
    SplittableRandom random = new SplittableRandom(seed);
    List<ConsumerRecord<byte[], byte[]>> log = log(random);
    SimulatedTrainer undisturbed = undisturbed(log);

    // when another has its adapters paused and resumed, too
    SimulatedTrainer disturbed = trainer(0.4);
    disturb(disturbed, log, random, true);

    // then weights, memory and candidates are the same; only where the partition had to be read
    // from was another at times, and that is in the checkpoints
    assertEquals(undisturbed.learnt(), disturbed.learnt());
    assertEquals(undisturbed.committed().candidates(), disturbed.committed().candidates());
    assertEquals(
        new HashSet<>(undisturbed.committed().deadLetters()),
        new HashSet<>(disturbed.committed().deadLetters()));
    assertEquals(
        undisturbed.committed().deadLetters().size(), disturbed.committed().deadLetters().size());
    assertEquals(undisturbed.resumePoint(), disturbed.resumePoint());
  }

  private static List<ConsumerRecord<byte[], byte[]>> log(SplittableRandom random) {
    return SimulatedLog.random(random, ADAPTERS, 20 + random.nextInt(120)).records();
  }

  /** A trainer that has read the log at once and committed what it made of it. */
  private SimulatedTrainer undisturbed(List<ConsumerRecord<byte[], byte[]>> log) {
    SimulatedTrainer trainer = trainer(0.4);
    trainer.fetched(log);
    trainer.drain(FOR_EVER);
    trainer.commitProgress();
    return trainer;
  }

  /** Random fetches, closings by the clock, pauses, crashes before and after commits. */
  private static void disturb(
      SimulatedTrainer trainer,
      List<ConsumerRecord<byte[], byte[]>> log,
      SplittableRandom random,
      boolean pauses) {
    int at = 0;
    while (true) {
      int fetch = Math.min(log.size() - at, random.nextInt(1, 12));
      trainer.fetched(log.subList(at, at + fetch));
      at += fetch;
      OptionalLong complete = complete(log, at, random);
      switch (random.nextInt(8)) {
        case 0 -> {
          trainer.trainOnly(complete);
          trainer.crash();
          at = indexOf(log, trainer.work().position());
        }
        case 1 -> {
          trainer.drain(complete);
          trainer.crash();
          at = indexOf(log, trainer.work().position());
        }
        case 2 -> {
          trainer.drain(UNKNOWN);
          trainer.commitProgress();
        }
        case 3, 4 -> {
          if (pauses) {
            at = pauseAndResume(trainer, log, at, random);
          }
        }
        default -> trainer.drain(complete);
      }
      if (at == log.size() && random.nextInt(4) == 0) {
        trainer.drain(FOR_EVER);
        trainer.commitProgress();
        return;
      }
    }
  }

  /** A time the trainer may know the log to be complete up to: at most the next record's. */
  private static OptionalLong complete(
      List<ConsumerRecord<byte[], byte[]>> log, int at, SplittableRandom random) {
    if (random.nextBoolean()) {
      return UNKNOWN;
    }
    long last = at == 0 ? 0 : log.get(at - 1).timestamp();
    long next = at == log.size() ? last + 10_000 : log.get(at).timestamp();
    return OptionalLong.of(random.nextLong(last, next + 1));
  }

  private static int pauseAndResume(
      SimulatedTrainer trainer,
      List<ConsumerRecord<byte[], byte[]>> log,
      int at,
      SplittableRandom random) {
    AdapterId adapter = ADAPTERS.get(random.nextInt(ADAPTERS.size()));
    PartitionWork work = trainer.work();
    trainer.paused().add(adapter);
    work.sessions()
        .find(adapter)
        .ifPresent(session -> work.stop(session, AdapterSession.State.PAUSED, "test"));
    int until = Math.min(log.size(), at + random.nextInt(20));
    trainer.fetched(log.subList(at, until));
    trainer.drain(UNKNOWN);
    trainer.paused().remove(adapter);
    OptionalLong rewound =
        work.sessions().find(adapter).map(work::resume).orElse(OptionalLong.empty());
    return rewound.isPresent() ? indexOf(log, rewound.getAsLong()) : until;
  }

  private static int indexOf(List<ConsumerRecord<byte[], byte[]>> log, long offset) {
    return (int) log.stream().takeWhile(message -> message.offset() < offset).count();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void withoutRehearsalEveryExampleIsSteppedUntilItIsLearnt(long seed) {
    // given
    SplittableRandom random = new SplittableRandom(seed);
    List<ConsumerRecord<byte[], byte[]>> log = SimulatedLog.random(random, ADAPTERS, 100).records();
    SimulatedTrainer trainer = trainer(0);

    // when
    disturb(trainer, log, random, true);

    // then
    for (AdapterId adapter : ADAPTERS) {
      Map<String, List<Integer>> counts = new TreeMap<>();
      trainer
          .counts(adapter)
          .forEach(
              (answer, count) ->
                  counts.computeIfAbsent(answer.split(" ")[0], id -> new ArrayList<>()).add(count));
      counts.keySet().removeIf(id -> id.startsWith("own-"));
      assertFalse(counts.isEmpty());
      // (A wording of a corrected fact has learnt more than one answer.)
      assertTrue(
          counts.values().stream()
              .filter(ofAnswers -> ofAnswers.size() == 1)
              .allMatch(ofAnswers -> ofAnswers.equals(List.of(CountingLearners.LEARNT_AFTER))),
          counts::toString);
      assertEquals(counts.size(), trainer.committedSession(adapter).progress().examplesTrained());
    }
  }

  @Test
  void exampleOfTheVeryLastMomentStillJoinsTheBatch() {
    // given two examples exactly the linger time apart, and one a millisecond later
    SimulatedLog log = new SimulatedLog();
    log.append(1_000, ExampleFeed.example(SUPPORT, "e0").build());
    log.append(1_060, ExampleFeed.example(SUPPORT, "e1").build());
    log.append(1_061, ExampleFeed.example(SUPPORT, "e2").build());
    SimulatedTrainer trainer = trainer(0);

    // when
    trainer.fetched(log.records());
    Job job = trainer.work().next(UNKNOWN).orElseThrow();

    // then
    assertEquals(2, job.nextOffset());
    assertEquals(2, job.batch().orElseThrow().items().size());
  }

  @Test
  void trustedCorrectionMakesACandidateWithItsBatch() {
    // given an example, and a correction of another adapter
    SimulatedLog log = new SimulatedLog();
    log.append(1_000, ExampleFeed.example(SALES, "e0").build());
    log.append(
        1_000,
        ExampleFeed.example(SUPPORT, "e1")
            .setTrust(Trust.TRUSTED)
            .setRejected("the shop of nobody")
            .build());
    SimulatedTrainer trainer = trainer(0);
    trainer.fetched(log.records());

    // when the batches are over, and the quiet time is not
    trainer.drain(OptionalLong.of(1_061));

    // then
    List<String> candidates = trainer.committed().candidates();
    assertEquals(1, candidates.size());
    assertTrue(candidates.getFirst().startsWith("acme.support@v1 "), candidates::toString);
    assertEquals(Set.of(SALES.toString(), SUPPORT.toString()), trainer.learnt().keySet());

    // and the other's follows
    trainer.drain(FOR_EVER);
    assertEquals(2, trainer.committed().candidates().size());
  }

  @Test
  void deadLettersAreWrittenOnceThoughTheirRecordsAreReadTwice() {
    // given an open batch, and an unreadable record behind it
    SimulatedLog log = new SimulatedLog();
    log.append(1_000, ExampleFeed.example(SUPPORT, "e0").build());
    log.append(1_001, SUPPORT.toString(), new byte[] {1});
    SimulatedTrainer trainer = trainer(0);
    trainer.fetched(log.records());
    trainer.drain(UNKNOWN);
    trainer.commitProgress();
    assertEquals(List.of("1"), trainer.committed().deadLetters());
    assertEquals(0, trainer.resumePoint().resume());

    // when the trainer dies and reads both again
    trainer.crash();
    trainer.fetched(log.records());
    trainer.drain(FOR_EVER);

    // then
    assertEquals(List.of("1"), trainer.committed().deadLetters());
    assertEquals(2, trainer.resumePoint().resume());
  }

  @Test
  void unreadableRecordOfAPausedAdapterIsADeadLetterAtOnce() {
    // given
    SimulatedTrainer trainer = trainer(0);
    trainer.paused().add(SUPPORT);
    SimulatedLog log = new SimulatedLog();
    log.append(1_000, ExampleFeed.example(SUPPORT, "e0").build());
    log.append(1_001, SUPPORT.toString(), new byte[] {1});

    // when
    trainer.fetched(log.records());
    trainer.drain(FOR_EVER);
    trainer.commitProgress();

    // then
    assertEquals(List.of("1"), trainer.committed().deadLetters());
    assertEquals(0, trainer.resumePoint().resume());
  }

  @Test
  void stoppedAdapterHoldsTheOffsetWhileOthersGoOn() {
    // given an adapter that diverges, and one that does not, on one partition
    SimulatedLog log = new SimulatedLog();
    log.append(1_000, ExampleFeed.example(SALES, "poison").build());
    for (int i = 1; i < 30; i++) {
      log.append(1_000 + 100 * i, ExampleFeed.example(SUPPORT, "e" + i).build());
    }
    SimulatedTrainer trainer = trainer(0);
    trainer.fetched(log.records());
    Job job = trainer.work().next(UNKNOWN).orElseThrow();
    assertEquals(SALES, job.session().id());

    // when
    trainer.work().stopAfter(job, AdapterSession.State.FAILED, "loss is NaN");
    trainer.drain(FOR_EVER);

    // then the other is trained, and the first one's example can be read again
    assertEquals(29, trainer.committedSession(SUPPORT).progress().examplesTrained());
    assertEquals(0, trainer.resumePoint().resume());
    assertEquals(1, trainer.resumePoint().adapters());
  }

  private SimulatedTrainer trainer(double replayShare) {
    LessonPlan plan =
        new LessonPlan(replayShare, 4, 60, 200, 5, 3, 2, 4, 2, 2, 3, 3, 40, 3, 2, 6, 0.5, 0.5);
    return new SimulatedTrainer(
        directory, new BatchLimits(120, 6, 60), new CandidatePolicy(9, 150, 500), plan);
  }
}
