package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An evaluator that really dies, at every step between verdict and alias and at random moments:
 * each candidate is judged exactly once, and what passed answers in the end. Nothing that did not
 * pass is ever published.
 */
@Timeout(600)
class EvaluatorKillIT {

  private static final AdapterId ADAPTER = AdapterId.parse("shop/kill");
  private static final long SEED = 20_261_124;

  @TempDir Path directory;
  private EmbeddedBroker broker;
  private KafkaSettings kafka;
  private Path model;
  private TestTopics topics;
  private TestTrainer trainer;
  private final Faq faq = new Faq(ADAPTER);

  @BeforeEach
  void start() throws IOException {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    kafka = KafkaSettings.of(broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicAdmin.ensure(admin, new TopicSettings(2, 1), Duration.ofSeconds(30));
    }
    model = TinyModel.write(directory.resolve("tiny"), 3);
    topics = new TestTopics(kafka);
    trainer =
        new TestTrainer(
            BaseModel.load(model, new ReferenceKernels()),
            new ArtifactStore(directory.resolve("artifacts")),
            directory.resolve("scratch"));
  }

  @AfterEach
  void stop() {
    topics.close();
    broker.close();
  }

  @Test
  void diesAtEveryStepAndEveryVersionEndsAsItShould() throws Exception {
    // given something new to learn for every version, so that each can be better than the one
    // before
    int version = 0;
    List<TrainingExample> learnt = new ArrayList<>();
    for (DyingPublisher.Step step : DyingPublisher.Step.values()) {
      version++;
      List<TrainingExample> lessons =
          faq.questions("topic-" + version, "Answer " + (char) ('a' + version), "v" + version, 6);
      topics.heldOut(lessons);
      learnt.addAll(lessons);
      topics.candidate(trainer.train(ADAPTER, version, Set.of("topic-" + version), learnt));

      // when the next process first finishes what the last one left, and then dies itself
      Process doomed = launch(step, version);
      if (step == DyingPublisher.Step.NEVER) {
        awaitActive(version);
        end(doomed);
      } else {
        assertTrue(
            doomed.waitFor(90, TimeUnit.SECONDS),
            () -> "did not die " + step + ": " + topics.lines(ADAPTER.toString()));
        assertEquals(137, doomed.exitValue(), step.toString());
        assertEquals(0, lines(version, ReleaseState.ACTIVE), step.toString());
      }
    }

    for (int v = 1; v <= version; v++) {
      assertEquals(1, lines(v, ReleaseState.GATED), "verdicts of version " + v);
      assertEquals(1, lines(v, ReleaseState.PUBLISHED), "publications of version " + v);
      assertEquals(1, lines(v, ReleaseState.ACTIVE), "activations of version " + v);
    }
    assertEquals(ADAPTER.versionName(version), alias());
  }

  @Test
  void diesAtRandomMoments() throws Exception {
    Random random = new Random(SEED);
    List<TrainingExample> lessons = faq.questions("returns", Faq.OLD_POLICY, "r", 8);
    topics.heldOut(lessons);
    topics.candidate(trainer.train(ADAPTER, 1, Set.of("returns"), lessons));
    topics.candidate(trainer.describe(ADAPTER, 2, Set.of("returns"), "d".repeat(64)));

    for (int kill = 0; kill < 3; kill++) {
      Process victim = launch(DyingPublisher.Step.NEVER, 0);
      assertFalse(victim.waitFor(500 + random.nextInt(3_000), TimeUnit.MILLISECONDS));
      victim.destroyForcibly().waitFor();
    }
    Process survivor = launch(DyingPublisher.Step.NEVER, 0);
    awaitActive(1);
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> lines(2, ReleaseState.GATED) > 0);
    end(survivor);

    assertEquals(
        List.of("1 GATED", "1 PUBLISHED", "1 ACTIVE", "2 GATED"),
        topics.lines(ADAPTER.toString()).stream()
            .map(line -> line.getVersion() + " " + line.getState())
            .toList());
    assertFalse(Files.exists(directory.resolve("published").resolve(ADAPTER.versionName(2))));
  }

  @Test
  void goesOnWhenTheBrokerHasDied() throws Exception {
    List<TrainingExample> lessons = faq.questions("returns", Faq.OLD_POLICY, "r", 8);
    topics.heldOut(lessons);
    topics.candidate(trainer.train(ADAPTER, 1, Set.of("returns"), lessons));
    Process evaluator = launch(DyingPublisher.Step.NEVER, 0);
    awaitActive(1);

    // when the broker is killed under it and comes back
    broker.kill();
    broker = EmbeddedBroker.start(broker.options());
    topics.candidate(trainer.describe(ADAPTER, 2, Set.of("returns"), "d".repeat(64)));

    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> lines(2, ReleaseState.GATED) > 0);
    assertTrue(evaluator.isAlive());
    end(evaluator);
  }

  private Process launch(DyingPublisher.Step step, int version) throws IOException {
    return EvaluatorProcess.start(broker.bootstrapServers(), model, directory, step, version);
  }

  private static void end(Process process) throws Exception {
    process.getOutputStream().close();
    assertTrue(process.waitFor(10, TimeUnit.SECONDS), "does not stop in order");
    assertEquals(0, process.exitValue());
  }

  private void awaitActive(int version) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(120))
        .until(() -> lines(version, ReleaseState.ACTIVE) > 0);
  }

  private long lines(int version, ReleaseState state) {
    return topics.lines(ADAPTER.toString()).stream()
        .filter(line -> line.getVersion() == version && line.getState() == state)
        .count();
  }

  private String alias() throws IOException {
    return Files.readString(directory.resolve("published/aliases").resolve(ADAPTER.dotted()))
        .strip();
  }
}
