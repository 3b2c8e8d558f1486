package dev.tributary.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.schemas.topics.Topics;
import dev.tributary.trainer.checkpoint.ArtifactCollector;
import dev.tributary.trainer.checkpoint.LogReader;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.config.TrainingConfig;
import dev.tributary.trainer.metrics.AdapterStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The loop against a real broker, with learners that only count. */
class TrainerIT {

  private static final AdapterId SUPPORT = AdapterId.parse("acme/support");
  private static final AdapterId SALES = AdapterId.parse("acme/sales");

  @TempDir Path directory;
  private EmbeddedBroker broker;
  private TrainerLog log;

  @BeforeEach
  void startBroker() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    log = new TrainerLog(broker.bootstrapServers(), 1);
  }

  @AfterEach
  void stopBroker() {
    log.close();
    broker.close();
  }

  @Test
  void candidateCarriesItsLineage() throws Exception {
    try (Running running = start("one")) {
      // given examples of two slices, one of a kind that is not trained, and an unreadable record
      feed(
          feed -> {
            feed.send(ExampleFeed.example(SUPPORT, "a").setSlice("returns").build());
            feed.send(ExampleFeed.example(SUPPORT, "b").setSlice("hours").build());
            feed.send(SUPPORT.toString(), new byte[] {9});
            feed.send(ExampleFeed.example(SUPPORT, "c").setSlice("returns").build());
          });

      // when
      await(() -> log.candidates().size() == 1);

      // then
      AdapterCandidate candidate = log.candidates().getFirst();
      assertEquals("acme.support@v1", candidate.getName());
      assertEquals(0, candidate.getParentVersion());
      assertEquals(3, candidate.getNewExamples());
      assertEquals(Map.of("returns", 2L, "hours", 1L), candidate.getSlices());
      assertEquals(List.of(), candidate.getNotLearnt());
      assertEquals(0, candidate.getFromOffset());
      assertEquals(4, candidate.getPosition().getOffset());
      assertEquals(log.pointers().get(SUPPORT).getContentHash(), candidate.getCheckpointHash());
      Path exported = running.store().open(candidate.getContentHash());
      assertTrue(Files.exists(exported.resolve("adapter")));
      assertEquals(List.of("0 2 train bad_magic"), log.deadLetters());

      // and the outside is told
      AdapterStatus status = running.status(SUPPORT).orElseThrow();
      assertEquals("active", status.state());
      assertEquals(3, status.consumed());
      assertEquals(1, status.version());
      String scraped = running.metrics().registry().scrape();
      for (String meter :
          List.of(
              "tributary_train_tokens_total{adapter=\"acme.support\"}",
              "tributary_train_steps_total{adapter=\"acme.support\"}",
              "tributary_train_step_duration_seconds_count",
              "tributary_checkpoint_duration_seconds_count",
              "tributary_checkpoint_last_success_timestamp_seconds",
              "tributary_backlog_records{adapter=\"acme.support\"} 0.0",
              "tributary_train_loss{adapter=\"acme.support\"}",
              "tributary_replay_ratio{adapter=\"acme.support\"}",
              "tributary_replay_buffer_bytes{adapter=\"acme.support\"}",
              "tributary_deadletters_total{reason=\"bad_magic\",stage=\"train\"} 1.0",
              "tributary_examples_trained_total{adapter=\"acme.support\"} 3.0",
              "tributary_examples_not_learnt_total{adapter=\"acme.support\"} 0.0",
              "kafka_consumer_fetch_manager_records_lag")) {
        assertTrue(scraped.contains(meter), () -> meter + " not in\n" + scraped);
      }
    }
  }

  @Test
  void pausedAdapterWaitsWhileItsNeighbourGoesOn() throws Exception {
    try (Running running = start("one")) {
      // given
      command(Command.PAUSE);
      command(Command.PROMOTE); // not for trainers
      feed(feed -> feed.send(ExampleFeed.example(SALES, "first").build()));
      await(() -> running.consumed(SALES) == 1);
      feed(
          feed -> {
            feed.send(ExampleFeed.example(SUPPORT, "waiting").build());
            feed.send(ExampleFeed.example(SALES, "second").build());
          });

      // when its neighbour on the same partition is trained past it
      await(() -> running.consumed(SALES) == 2);

      // then it waits, and reading can return to its example
      assertEquals(0, running.consumed(SUPPORT));
      await(() -> running.status(SUPPORT).filter(s -> s.state().equals("paused")).isPresent());
      // (of the three records, the first and a transaction's marker lie before it)
      await(() -> log.committed("one").get(0) == 2);

      // and once resumed, both are where they would have been
      command(Command.RESUME);
      await(() -> running.consumed(SUPPORT) == 1);
      assertEquals(2, running.consumed(SALES));
      assertTrue(
          running
              .metrics()
              .registry()
              .scrape()
              .contains(
                  "tributary_control_commands_total{command=\"promote\",outcome=\"ignored\"}"));
    }
  }

  @Test
  void divergedAdapterStopsKeepsItsCheckpointAndIsNotReady() throws Exception {
    try (Running running = start("one")) {
      // given
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "good").build()));
      await(() -> log.pointers().get(SUPPORT).getExamplesTrained() == 1);
      String lastGood = log.pointers().get(SUPPORT).getContentHash();

      // when
      feed(
          feed -> {
            feed.send(ExampleFeed.example(SUPPORT, CountingLearners.POISON + "-7").build());
            feed.send(ExampleFeed.example(SALES, "good").build());
          });
      await(() -> running.consumed(SALES) == 1 && !running.health().isReady());
      await(() -> running.status(SUPPORT).orElseThrow().state().equals("failed"));

      // then
      AdapterStatus failed = running.status(SUPPORT).orElseThrow();
      assertTrue(failed.reason().contains("step 3"), failed.reason());
      assertTrue(
          failed.reason().matches(".*examples-0: .*\\[poison-7 at offset 2\\].*"), failed.reason());
      assertTrue(
          running
              .metrics()
              .registry()
              .scrape()
              .contains("tributary_train_diverged_total{adapter="));
      assertTrue(running.health().isLive());
      await(() -> log.committed("one").get(0) == 2);
      await(() -> log.candidates().size() >= 2);
      assertTrue(running.store().contains(lastGood));
      assertEquals(1, log.pointers().get(SUPPORT).getExamplesTrained());
    }
  }

  @Test
  void trainersOfOneGroupShareThePartitionsAndTakeOver() throws Exception {
    // given a topic with more partitions, and two trainers that share the artefacts
    log.admin().deleteTopics(Topics.all().stream().map(topic -> topic.name()).toList()).all().get();
    Awaitility.await().until(() -> log.admin().listTopics().names().get().isEmpty());
    try (TrainerLog wide = new TrainerLog(broker.bootstrapServers(), 4);
        Running first = start("shared", "first", directory.resolve("shared"), 4, Duration.ZERO)) {
      Running second = start("shared", "second", directory.resolve("shared"), 4, Duration.ZERO);
      await(() -> first.health().isReady() && second.health().isReady());
      List<AdapterId> adapters =
          List.of(
              SUPPORT,
              SALES,
              AdapterId.parse("a/a"),
              AdapterId.parse("b/b"),
              AdapterId.parse("c/c"),
              AdapterId.parse("d/d"));
      feed(feed -> adapters.forEach(id -> feed.send(ExampleFeed.example(id, "1").build())));
      await(() -> wide.pointers().size() == adapters.size());

      // when one leaves
      second.close();
      feed(feed -> adapters.forEach(id -> feed.send(ExampleFeed.example(id, "2").build())));

      // then the other goes on with all of them from their checkpoints
      await(
          () ->
              wide.pointers().values().stream()
                  .allMatch(pointer -> pointer.getExamplesTrained() == 2));
      await(() -> first.trainer().adapters().size() == adapters.size());
    }
  }

  @Test
  void deletedRecordsStopTrainingInsteadOfBeingSkipped() throws Exception {
    // given a trainer that is down while records it has not seen are deleted
    try (Running running = start("one")) {
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "a").build()));
      await(() -> running.consumed(SUPPORT) == 1);
      await(() -> log.committed("one").get(0) == 1);
    }
    feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "b").build()));
    feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "c").build()));
    log.admin()
        .deleteRecords(
            Map.of(new TopicPartition(Topics.EXAMPLES.name(), 0), RecordsToDelete.beforeOffset(4)))
        .all()
        .get();

    // when
    try (Running running = start("one")) {
      await(() -> !running.health().isLive());

      // then
      assertEquals(Optional.empty(), running.status(SUPPORT));
    }
  }

  @Test
  void recreatedTopicStopsTrainingInsteadOfBeginningAfresh() throws Exception {
    // given
    try (Running running = start("one")) {
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "a").build()));
      await(() -> running.consumed(SUPPORT) == 1);
    }
    log.admin().deleteTopics(List.of(Topics.EXAMPLES.name())).all().get();
    Awaitility.await()
        .until(() -> !log.admin().listTopics().names().get().contains(Topics.EXAMPLES.name()));
    log.createTopics();
    feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "other").build()));

    // when, then
    try (Running running = start("one")) {
      await(() -> !running.health().isLive());
    }
    assertEquals(1, log.pointers().get(SUPPORT).getExamplesTrained());
  }

  @Test
  void onlyOrphanedArtefactsAreCollected() throws Exception {
    try (Running running = start("one")) {
      // given more checkpoints than are kept, and bytes of a transaction that never came
      for (int i = 1; i <= 4; i++) {
        String id = "e" + i;
        feed(feed -> feed.send(ExampleFeed.example(SUPPORT, id).build()));
        int expected = i;
        await(() -> running.consumed(SUPPORT) == expected);
      }
      await(() -> !log.candidates().isEmpty());
      String orphan = running.store().put("orphan".getBytes(StandardCharsets.UTF_8));
      String newest = log.pointers().get(SUPPORT).getContentHash();
      Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
      ArtifactCollector collector =
          new ArtifactCollector(
              running.store(),
              new LogReader(settings, log.admin(), Duration.ofSeconds(30)),
              new LocalSchemaRegistry(),
              2,
              Duration.ofHours(1),
              () -> Instant.now().plus(Duration.ofHours(2)));

      // when
      List<String> deleted = collector.collect();

      // then
      assertTrue(deleted.contains(orphan));
      assertTrue(deleted.size() >= 2, "older checkpoints go, too");
      assertTrue(running.store().contains(newest));
      for (AdapterCandidate candidate : log.candidates()) {
        running.store().open(candidate.getContentHash());
      }
      assertEquals(List.of(), collector.collect());
    }
  }

  @Test
  void brokerKilledDuringAStepIsWaitedForAndNothingIsTrainedTwice() throws Exception {
    try (Running running =
        start("one", "one", directory.resolve("one"), 1, Duration.ofMillis(600))) {
      // given a trainer in the middle of its steps
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "a").build()));
      await(() -> running.metrics().registry().scrape().contains("tributary_train_steps_total"));

      // when
      broker.kill();
      await(() -> !running.health().isReady());
      assertTrue(running.health().isLive());
      broker = EmbeddedBroker.start(broker.options());

      // then
      await(() -> running.health().isReady() && running.consumed(SUPPORT) == 1);
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "b").build()));
      await(() -> log.pointers().get(SUPPORT).getExamplesTrained() == 2);
      assertEquals(2 * 2, log.pointers().get(SUPPORT).getStep());
    }
  }

  @Test
  void closesWithinFiveSecondsThoughTheBrokerIsGone() throws Exception {
    Running running = start("one");
    await(() -> running.health().isReady());
    broker.kill();
    await(() -> !running.health().isReady());
    long begin = System.nanoTime();
    running.close();
    assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) < 5_000);
  }

  @Test
  void closesWithinFiveSecondsInTheMiddleOfATrainingStep() throws Exception {
    Running running = start("slow", "slow", directory.resolve("slow"), 1, Duration.ofSeconds(2));
    feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "a").build()));
    await(() -> running.metrics().registry().scrape().contains("tributary_train_steps_total"));
    long begin = System.nanoTime();
    running.close();
    assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) < 5_000);
    assertEquals(Map.of(), log.pointers());
  }

  @Test
  void frozenTrainerIsFencedAndDropsItsStep() throws Exception {
    // given a trainer in a JVM of its own that is stopped like by a long pause of its machine
    Path home = Files.createDirectories(directory.resolve("frozen/home"));
    Process frozen =
        TrainerChild.start(
            broker.bootstrapServers(), home, "one", 1, null, SETTINGS, Duration.ofSeconds(1));
    try {
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "a").build()));
      await(() -> log.pointers().containsKey(SUPPORT));
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "b").build()));
      // Most likely in the middle of its two steps of a second each; the promise holds anyway.
      frozen.waitFor(700, TimeUnit.MILLISECONDS);
      signal("STOP", frozen);

      // when another of its group takes over, and the first one wakes up
      Path artifacts = home.resolve("artifacts");
      try (Running heir = start("one", "heir", artifacts, 1, Duration.ZERO)) {
        await(() -> heir.consumed(SUPPORT) == 2);
        signal("CONT", frozen);
        feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "c").build()));

        // then everything is trained once
        await(() -> log.pointers().get(SUPPORT).getExamplesTrained() == 3);
        assertTrue(frozen.isAlive());
      }
      feed(feed -> feed.send(ExampleFeed.example(SUPPORT, "d").build()));
      await(() -> log.pointers().get(SUPPORT).getExamplesTrained() == 4);
      assertEquals(4 * 2, log.pointers().get(SUPPORT).getStep());
    } finally {
      frozen.destroyForcibly().waitFor();
    }
  }

  private static final String SETTINGS =
      """
      linger: 20ms
      clock_slack: 50ms
      max_records_per_batch: 8
      candidate: {every_examples: 100, after: 300ms}
      """;

  /** A trainer alone in its group. */
  private Running start(String name) throws IOException {
    return start(name, name, directory.resolve(name), 1, Duration.ZERO);
  }

  private Running start(
      String group, String name, Path artifacts, int partitions, Duration stepDuration)
      throws IOException {
    TrainingConfig training =
        StrictYaml.parse("group_id: " + group + "\n" + SETTINGS, "test", TrainingConfig.class);
    Path state = Files.createDirectories(directory.resolve(name).resolve("state"));
    TrainerConfig config =
        new TrainerConfig(state, artifacts, new TopicSettings(partitions, 1), null, training);
    Health health = new Health();
    ServiceMetrics metrics = new ServiceMetrics();
    Trainer trainer =
        Trainer.start(
            config,
            KafkaSettings.of(broker.bootstrapServers()).with("consumer.session.timeout.ms", "6000"),
            new CountingLearners(stepDuration),
            CountingLearners::encode,
            training.batchLimits(SmallModel.CONFIG),
            training.maxLength(100),
            Clock.systemUTC(),
            health,
            metrics);
    return new Running(trainer, health, metrics, new ArtifactStore(artifacts));
  }

  private record Running(
      Trainer trainer, Health health, ServiceMetrics metrics, ArtifactStore store)
      implements AutoCloseable {

    Optional<AdapterStatus> status(AdapterId adapter) {
      return trainer.adapters().stream()
          .filter(status -> status.adapter().equals(adapter.toString()))
          .findFirst();
    }

    long consumed(AdapterId adapter) {
      return status(adapter).map(AdapterStatus::consumed).orElse(0L);
    }

    @Override
    public void close() {
      trainer.close();
      metrics.close();
    }
  }

  private void feed(Consumer<ExampleFeed> sends) {
    try (ExampleFeed feed = new ExampleFeed(broker.bootstrapServers())) {
      feed.inTransaction(() -> sends.accept(feed));
    }
  }

  private void command(Command command) throws Exception {
    ControlCommand value =
        ControlCommand.newBuilder()
            .setCommandId(command.name())
            .setAdapter(SUPPORT.toString())
            .setCommand(command)
            .setActor("operator")
            .setReason("test")
            .setEventTime(Instant.EPOCH)
            .build();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.CONTROL.name(),
                  SUPPORT.toString().getBytes(StandardCharsets.UTF_8),
                  Contracts.serializer(ControlCommand.class, new LocalSchemaRegistry())
                      .encode(value)))
          .get();
    }
  }

  private static void signal(String name, Process process) throws Exception {
    assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor());
  }

  private static void await(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(condition);
  }
}
