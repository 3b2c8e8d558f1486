package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.evaluator.publish.DirectoryPublisher;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.SliceRole;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Verdict;
import dev.tributary.schemas.topics.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The whole evaluator against a real broker, a real tiny model and adapters that were really
 * trained.
 */
@Timeout(180)
class EvaluatorServiceIT {

  @TempDir static Path directory;
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static EmbeddedBroker broker;
  private static KafkaSettings kafka;
  private static BaseModel base;
  private static TestTrainer trainer;
  private static TestTopics topics;
  private static EvaluatorService service;
  private static AdminClient client;

  private AdapterId adapter;
  private Faq faq;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    kafka = KafkaSettings.of(broker.bootstrapServers());
    base = BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
    startService();
    trainer =
        new TestTrainer(
            base, new ArtifactStore(directory.resolve("artifacts")), directory.resolve("scratch"));
    topics = new TestTopics(kafka);
  }

  private static void startService() {
    service =
        EvaluatorService.start(EvaluatorProcess.config(directory), kafka, base, Clock.systemUTC());
    service.awaitReady(Duration.ofSeconds(30));
    client = new AdminClient(service.port());
  }

  @AfterAll
  static void stop() {
    topics.close();
    service.close();
    broker.close();
  }

  @BeforeEach
  void newAdapter() {
    adapter = new AdapterId("shop", "it-" + TESTS.incrementAndGet());
    faq = new Faq(adapter);
  }

  @AfterEach
  void serviceIsStillThere() {
    assertEquals(200, client.get("/health/live").status());
  }

  @Test
  void aBetterCandidateIsPublishedAndAnswersUntilABetterOneComes() throws Exception {
    // given a first candidate that knows the old policy
    List<TrainingExample> returns =
        Faq.asFacts(faq.questions("returns", Faq.OLD_POLICY, "old", 8), "returns.window", 0);
    List<TrainingExample> shipping = faq.questions("shipping", Faq.SHIPPING, "ship", 8);
    topics.heldOut(returns);
    topics.heldOut(shipping);
    AdapterCandidate first =
        trainer.train(adapter, 1, Set.of("returns", "shipping"), join(returns, shipping));
    topics.candidate(first);

    // then it passes against the base model and answers
    AdapterRelease release = await(1, ReleaseState.ACTIVE);
    assertEquals(Verdict.PASSED, release.getVerdict());
    assertEquals(0, release.getReferenceVersion());
    assertFalse(release.getReasons().isEmpty());
    SliceResult slice = slice(release, "returns", SliceRole.FRESH);
    assertEquals(8, slice.getRecords());
    assertTrue(slice.getLossCandidate() < slice.getLossBase() - 1, slice.toString());
    assertEquals(slice.getLossBase(), slice.getLossReference());
    assertEquals(1.0, slice.getExactMatchCandidate());
    assertEquals(0.0, slice.getExactMatchBase());
    assertEquals(adapter.versionName(1), alias());
    Path published = Path.of(release.getPath());
    assertEquals(adapter.versionName(1), published.getFileName().toString());
    assertEquals(first.getContentHash(), ArtifactStore.hashOf(published));

    // when the policy changes and a candidate has learnt it
    List<TrainingExample> changed =
        Faq.asFacts(faq.questions("returns", Faq.NEW_POLICY, "new", 8), "returns.window", 5);
    topics.heldOut(changed);
    topics.candidate(trainer.train(adapter, 2, Set.of("returns"), join(changed, shipping)));

    // then it replaces the first; the old answers are no longer asked for, shipping still is
    AdapterRelease second = await(2, ReleaseState.ACTIVE);
    assertEquals(1, second.getReferenceVersion());
    assertEquals(
        Set.of("returns FRESH", "shipping RETAINED"),
        Set.copyOf(
            second.getSlices().stream().map(s -> s.getSlice() + " " + s.getRole()).toList()));
    assertEquals(ReleaseState.RETIRED, newest(1).getState());
    assertEquals("replaced by " + adapter.versionName(2), newest(1).getReason());
    assertEquals(adapter.versionName(2), alias());
    assertEquals(
        List.of(
            "1 GATED",
            "1 PUBLISHED",
            "1 ACTIVE",
            "2 GATED",
            "2 PUBLISHED",
            "1 RETIRED",
            "2 ACTIVE"),
        life());
  }

  @Test
  void aPoisonedCandidateIsRefusedWithItsReasons() {
    release("returns", "shipping");

    // when a candidate has unlearnt shipping
    List<TrainingExample> returns = faq.questions("returns", "Yes, for 14 days.", "more", 8);
    topics.heldOut(returns);
    List<TrainingExample> poison = faq.questions("shipping", "Never, ha ha!", "bad", 8);
    topics.candidate(trainer.train(adapter, 2, Set.of("returns"), join(returns, poison)));

    AdapterRelease refused = await(2, ReleaseState.GATED);
    assertEquals(Verdict.FAILED, refused.getVerdict());
    assertEquals("regression", refused.getReason());
    assertTrue(
        refused.getReasons().stream().anyMatch(reason -> reason.startsWith("shipping is worse by")),
        refused.getReasons().toString());
    assertFalse(slice(refused, "shipping", SliceRole.RETAINED).getPassed());
    assertEquals(adapter.versionName(1), alias());
    assertFalse(Files.exists(directory.resolve("published").resolve(adapter.versionName(2))));
    assertTrue(
        metrics()
            .contains(
                "tributary_gate_verdicts_total{adapter=\"%s\",outcome=\"failed\",reason=\"regression\"} 1.0"
                    .formatted(adapter.dotted())));
    assertTrue(
        metrics()
            .contains(
                "tributary_adapter_info{adapter=\"%s\",state=\"active\",version=\"1\"} 1"
                    .formatted(adapter.dotted())));
  }

  @Test
  void anOpenVerdictIsLookedAtAgainWhenMoreRecordsArrive() {
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "r", 8);
    topics.heldOut(returns.subList(0, 2));
    topics.candidate(trainer.train(adapter, 1, Set.of("returns"), returns));

    AdapterRelease held = await(1, ReleaseState.GATED);
    assertEquals(Verdict.INCONCLUSIVE, held.getVerdict());
    assertEquals(List.of("returns has 2 of 4 new held-out records needed"), held.getReasons());

    // when the missing records arrive
    topics.heldOut(returns.subList(2, 8));

    assertEquals(8, await(1, ReleaseState.ACTIVE).getSlices().getFirst().getRecords());
  }

  @Test
  void aNewerCandidateEndsAnOpenVerdict() {
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "r", 8);
    topics.heldOut(returns.subList(0, 2));
    topics.candidate(trainer.train(adapter, 1, Set.of("returns"), returns));
    await(1, ReleaseState.GATED);

    topics.candidate(trainer.train(adapter, 2, Set.of("returns"), returns));
    await(2, ReleaseState.GATED);
    topics.heldOut(returns.subList(2, 8));
    await(2, ReleaseState.ACTIVE);

    AdapterRelease superseded = newest(1);
    assertEquals(Verdict.INCONCLUSIVE, superseded.getVerdict());
    assertEquals("superseded", superseded.getReason());
    assertTrue(superseded.getReasons().getFirst().contains(adapter.versionName(2)));
  }

  @Test
  void damagedBytesAreRefusedAndTheNextCandidateIsJudged() {
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "r", 8);
    topics.heldOut(returns);
    AdapterCandidate damaged = trainer.train(adapter, 1, Set.of("returns"), returns);
    trainer.damage(damaged.getContentHash());
    topics.candidate(damaged);
    topics.candidate(trainer.describe(adapter, 2, Set.of("returns"), "a".repeat(64)));
    topics.candidate(trainer.describe(adapter, 3, Set.of("returns"), "../../etc/passwd"));
    topics.candidate(trainer.train(adapter, 4, Set.of("returns"), returns));

    await(4, ReleaseState.ACTIVE);
    for (int version = 1; version <= 3; version++) {
      assertEquals(Verdict.FAILED, newest(version).getVerdict());
      assertEquals("corrupt_artifact", newest(version).getReason());
    }
  }

  @Test
  void aFactThatChangedInTrainingIsNotHeldAgainstTheCandidate() {
    // given a release that is measured on the old policy
    List<TrainingExample> returns =
        Faq.asFacts(faq.questions("returns", Faq.OLD_POLICY, "old", 8), "returns.window", 0);
    List<TrainingExample> shipping = faq.questions("shipping", Faq.SHIPPING, "ship", 8);
    topics.heldOut(join(returns, shipping));
    topics.candidate(
        trainer.train(adapter, 1, Set.of("returns", "shipping"), join(returns, shipping)));
    await(1, ReleaseState.ACTIVE);

    // when the policy changes in records that are all trained on, none held out
    List<TrainingExample> changed =
        Faq.asFacts(faq.questions("returns", Faq.NEW_POLICY, "new", 8), "returns.window", 5);
    topics.trained(changed);
    List<TrainingExample> tax = faq.questions("tax", "Included.", "tax", 8);
    topics.heldOut(tax);
    topics.candidate(trainer.train(adapter, 2, Set.of("tax"), join(join(changed, shipping), tax)));

    // then nobody asks for the old policy any more
    AdapterRelease second = await(2, ReleaseState.ACTIVE);
    assertEquals(
        Set.of("tax FRESH", "shipping RETAINED"),
        Set.copyOf(
            second.getSlices().stream().map(s -> s.getSlice() + " " + s.getRole()).toList()));
  }

  @Test
  void aSlowDeclineIsStoppedByTheBestReleaseEver() {
    // given a good release, and a worse one that was forced
    release("returns", "shipping");
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "returns", 8);
    List<TrainingExample> poison = faq.questions("shipping", "Never, ha ha!", "bad", 8);
    topics.candidate(trainer.train(adapter, 2, Set.of("returns"), join(returns, poison)));
    await(2, ReleaseState.GATED);
    String force = "{\"version\": 2, \"reason\": \"a test\", \"force\": true}";
    assertEquals(200, client.post(path("/promote"), force).status());

    // when a candidate is no worse than that, and better at something new
    List<TrainingExample> tax = faq.questions("tax", "Included.", "tax", 8);
    topics.heldOut(tax);
    topics.candidate(trainer.train(adapter, 3, Set.of("tax"), join(join(returns, poison), tax)));

    AdapterRelease refused = await(3, ReleaseState.GATED);
    assertEquals(2, refused.getReferenceVersion());
    assertEquals("regression_since_best", refused.getReason());
    assertTrue(
        refused.getReasons().getFirst().contains(adapter.versionName(1)),
        refused.getReasons().toString());
  }

  @Test
  void aSecondEvaluatorTakesOverAndTheFirstStops() {
    release("returns");
    try (EvaluatorService second =
        EvaluatorService.start(
            EvaluatorProcess.config(directory.resolve("second")),
            kafka,
            base,
            Clock.systemUTC(),
            new DirectoryPublisher(directory.resolve("published")))) {
      second.awaitReady(Duration.ofSeconds(60));
      topics.candidate(trainer.describe(adapter, 2, Set.of("returns"), "e".repeat(64)));

      await(2, ReleaseState.GATED);
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> client.get("/health/live").status() == 503);
      assertTrue(
          client.get("/health/live").body().toString().contains("another evaluator"),
          client.get("/health/live").body().toString());
    }
    service.close();
    startService();

    assertEquals(List.of("1 GATED", "1 PUBLISHED", "1 ACTIVE", "2 GATED"), life());
  }

  @Test
  void aCandidateOfAnotherBaseModelIsRefused() {
    AdapterCandidate candidate =
        AdapterCandidate.newBuilder(
                trainer.train(
                    adapter,
                    1,
                    Set.of("returns"),
                    faq.questions("returns", Faq.OLD_POLICY, "r", 4)))
            .setBaseModel("another")
            .setBaseModelHash("f".repeat(64))
            .build();
    topics.candidate(candidate);

    AdapterRelease refused = await(1, ReleaseState.GATED);
    assertEquals(Verdict.FAILED, refused.getVerdict());
    assertEquals("wrong_base", refused.getReason());
    assertTrue(refused.getReasons().getFirst().contains("'another'"));
  }

  @Test
  void unreadableInputGoesToTheDeadLetters() {
    topics.send(
        Topics.CANDIDATES.name(), adapter.toString(), "garbage".getBytes(StandardCharsets.UTF_8));
    AdapterCandidate foreign = trainer.describe(adapter, 9, Set.of(), "b".repeat(64));
    topics.send(Topics.CONTROL.name(), adapter.toString(), new byte[] {0, 0, 0, 0, 9});
    topics.candidate(foreign);

    await(9, ReleaseState.GATED);
    List<String> reasons =
        topics.read(Topics.DEADLETTERS.name()).stream()
            .filter(letter -> adapter.toString().equals(text(letter.key())))
            .map(letter -> text(letter.headers().lastHeader("tributary.reason").value()))
            .sorted()
            .toList();
    assertEquals(List.of("bad_magic", "unknown_schema"), reasons);
  }

  @Test
  void aJudgedCandidateIsNotJudgedAgain() {
    release("returns");
    AdapterRelease before = newest(1);

    // when the trainer's candidate is there twice and the evaluator starts again
    topics.candidate(trainer.describe(adapter, 1, Set.of("returns"), before.getContentHash()));
    service.close();
    startService();
    topics.candidate(trainer.describe(adapter, 2, Set.of("returns"), "c".repeat(64)));
    await(2, ReleaseState.GATED);

    assertEquals(List.of("1 GATED", "1 PUBLISHED", "1 ACTIVE", "2 GATED"), life());
    assertEquals(adapter.versionName(1), alias());
  }

  @Test
  void aFailedVersionIsPromotedOnlyByForceAndRolledBack() {
    // given a release and a version the gate refused
    release("returns");
    List<TrainingExample> bad = faq.questions("returns", "Never, ha ha!", "bad", 8);
    topics.candidate(trainer.train(adapter, 2, Set.of("returns"), bad));
    await(2, ReleaseState.GATED);

    // when it is promoted
    AdminClient.Answer refused =
        client.post(path("/promote"), "{\"version\": 2, \"reason\": \"I like it\"}");
    assertEquals(409, refused.status(), refused.toString());
    assertTrue(refused.contentType().startsWith("application/problem+json"));
    assertTrue(refused.body().path("detail").asString().contains("did not pass the gate"));
    assertEquals(adapter.versionName(1), alias());

    AdminClient.Answer forced =
        client.post(
            path("/promote"),
            "{\"version\": 2, \"reason\": \"I know better\", \"actor\": \"mo\", \"force\": true}");
    assertEquals(200, forced.status(), forced.toString());
    assertEquals(2, forced.body().at("/adapter/active_version").asInt());
    assertEquals(adapter.versionName(2), alias());
    assertEquals(ReleaseState.RETIRED, newest(1).getState());
    assertEquals(Verdict.FAILED, newest(2).getVerdict());

    // and rolled back
    AdminClient.Answer back =
        client.post(path("/rollback"), "{\"reason\": \"I did not\", \"actor\": \"mo\"}");
    assertEquals(200, back.status(), back.toString());
    assertEquals(adapter.versionName(1), alias());
    assertEquals(ReleaseState.ROLLED_BACK, newest(2).getState());
    assertEquals("mo", newest(2).getActor());
    assertEquals("I did not", newest(2).getReason());

    // and once more, to the base model
    assertEquals(200, client.post(path("/rollback"), "{\"reason\": \"all of it\"}").status());
    assertFalse(Files.exists(aliasFile()));
    assertEquals(409, client.post(path("/rollback"), "{\"reason\": \"more\"}").status());

    // then the history tells who, when and why
    JsonNode history = client.get(path("/history")).body().path("data");
    List<String> told =
        history
            .valueStream()
            .map(
                event ->
                    "%s %s %s: %s"
                        .formatted(
                            event.path("version").asInt(),
                            event.path("state").asString(),
                            event.path("actor").asString(),
                            event.path("reason").asString()))
            .toList();
    assertTrue(told.contains("2 active mo: I know better"), told.toString());
    assertTrue(told.contains("2 rolled_back mo: I did not"), told.toString());
    assertTrue(
        told.stream().anyMatch(line -> line.startsWith("2 gated operator: promote refused:")),
        told.toString());
    assertTrue(metrics().contains("tributary_rollbacks_total{reason=\"command\"}"));
  }

  @Test
  void listsAdaptersAsOpenAiDoes() {
    release("returns");

    JsonNode shown = client.get(path("")).body();
    assertEquals(adapter.dotted(), shown.path("id").asString());
    assertEquals(adapter.versionName(1), shown.path("active").asString());
    JsonNode version = shown.at("/versions/0");
    assertEquals("passed", version.path("verdict").asString());
    JsonNode scores = version.at("/slices/0/candidate");
    assertEquals(
        Math.exp(scores.path("loss").asDouble()), scores.path("perplexity").asDouble(), 1e-9);

    JsonNode page = client.get("/v1/adapters?limit=1").body();
    assertEquals("list", page.path("object").asString());
    assertEquals(1, page.path("data").size());
    assertEquals(page.path("first_id").asString(), page.at("/data/0/id").asString());
    JsonNode rest =
        client.get("/v1/adapters?limit=100&after=" + page.path("last_id").asString()).body();
    assertFalse(rest.path("has_more").asBoolean());
    assertTrue(
        Stream.concat(page.path("data").valueStream(), rest.path("data").valueStream())
            .anyMatch(item -> item.path("id").asString().equals(adapter.dotted())));
  }

  @Test
  void badRequestsNameFieldAndFix() {
    release("returns");

    assertProblem(404, client.get("/v1/adapters/nobody.here"), "nobody.here");
    assertProblem(404, client.get("/v1/adapters/nobody.here/history"), "nobody.here");
    assertProblem(422, client.get("/v1/adapters/Not_An_Id"), "write tenant.domain");
    assertProblem(422, client.get("/v1/adapters?limit=0"), "use 1 to 100");
    assertProblem(422, client.get("/v1/adapters?after=unknown"), "not in the list");
    assertProblem(
        404,
        client.post("/v1/adapters/nobody.here/promote", "{\"version\":1,\"reason\":\"x\"}"),
        "nobody.here");
    assertProblem(
        404,
        client.post(path("/promote"), "{\"version\": 7, \"reason\": \"x\"}"),
        "has no version 7; it has [1]");
    assertProblem(
        422, client.post(path("/promote"), "{\"reason\": \"x\"}"), "give the version to promote");
    assertProblem(422, client.post(path("/promote"), "{\"version\": 1}"), "reason");
    assertProblem(
        422, client.post(path("/promote"), "{\"version\": \"1\", \"reason\": \"x\"}"), "version");
    assertProblem(
        422, client.post(path("/rollback"), "{\"version\": -1, \"reason\": \"x\"}"), "version");
    assertProblem(400, client.post(path("/rollback"), "{"), "");
    assertProblem(
        409,
        client.post(path("/rollback"), "{\"version\": 1, \"reason\": \"x\"}"),
        "it answers now");
  }

  @Test
  void aCommandForAnUnknownAdapterIsRefusedAndChangesNothing() {
    topics.control(Commanding.promote(adapter, 3, "from elsewhere"));
    release("returns"); // read after the command

    assertEquals(List.of("1 GATED", "1 PUBLISHED", "1 ACTIVE"), life());
    assertTrue(
        metrics()
            .contains("tributary_control_commands_total{command=\"promote\",outcome=\"refused\"}"));
  }

  @Test
  void aCommandNobodyCarriesOutIsRefusedAndWrittenDown() {
    release("returns");

    topics.control(Commanding.command(Command.RETRAIN, adapter, null, "once more"));

    String counter = "tributary_control_commands_total{command=\"retrain\",outcome=\"refused\"}";
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> metrics().contains(counter));
    assertEquals(ReleaseState.ACTIVE, newest(1).getState());
    assertTrue(newest(1).getReason().startsWith("retrain refused:"), newest(1).getReason());
  }

  @Test
  void pausingAndResumingIsRecordedForTheTrainerAndChangesNothingHere() {
    release("returns");
    AdapterId untrained = new AdapterId("shop", adapter.domain() + "-new");

    AdminClient.Answer paused =
        client.post(path("/pause"), "{\"reason\": \"bad data\", \"actor\": \"mo\"}");
    AdminClient.Answer resumed =
        client.post(
            "/v1/adapters/%s/resume".formatted(untrained.dotted()), "{\"reason\": \"cleaned up\"}");

    assertEquals(202, paused.status(), paused.toString());
    assertEquals(202, resumed.status(), resumed.toString());
    assertEquals(
        List.of("PAUSE by mo: bad data " + paused.body().path("command_id").asString()),
        commands(adapter));
    assertEquals(
        List.of("RESUME by operator: cleaned up " + resumed.body().path("command_id").asString()),
        commands(untrained));
    for (String command : List.of("pause", "resume")) {
      String counter =
          "tributary_control_commands_total{command=\"%s\",outcome=\"ignored\"}".formatted(command);
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> metrics().contains(counter));
    }
    assertEquals(List.of("1 GATED", "1 PUBLISHED", "1 ACTIVE"), life());
  }

  @Test
  void clientsAreMeteredForAsLongAsTheirSessionLasts() {
    // given an evaluator whose session has to start again, because publishing fails once
    service.close();
    AtomicInteger failures = new AtomicInteger();
    Runnable failOnce =
        () -> {
          if (failures.getAndIncrement() == 0) {
            throw new RetriableException("no place to publish to");
          }
        };
    service =
        EvaluatorService.start(
            EvaluatorProcess.config(directory),
            kafka,
            base,
            Clock.systemUTC(),
            new DyingPublisher(
                new DirectoryPublisher(directory.resolve("published")),
                DyingPublisher.Step.BEFORE_PUBLISH,
                1,
                failOnce));
    client = new AdminClient(service.port());
    release("returns");
    assertTrue(failures.get() > 1);

    // then only the clients of the second one are shown, with what they have not read yet
    String lag = "kafka_consumer_fetch_manager_records_lag{";
    for (String topic : List.of("control", "candidates", "releases")) {
      Awaitility.await(topic)
          .atMost(Duration.ofSeconds(30))
          .until(() -> clientsOf(lag, "topic=\"tributary." + topic + "\"").size() == 1);
    }
    assertEquals(
        1, clientsOf("kafka_consumer_", "client_id=\"consumer-tributary-evaluator-").size());
    assertTrue(
        clientsOf("kafka_producer_txn_commit_time_ns_total{", "client_id=")
            .contains("producer-tributary-evaluator-releases"));
    service.close();
    startService();
  }

  @Test
  void theStateDirectoryIsForOneEvaluator() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                EvaluatorService.start(
                    EvaluatorProcess.config(directory), kafka, base, Clock.systemUTC()));

    assertTrue(refused.getMessage().startsWith("state_dir"), refused.getMessage());
  }

  /** Brings a first version into service that has learnt these slices. */
  private void release(String... slices) {
    List<TrainingExample> lessons =
        Stream.of(slices)
            .flatMap(
                slice ->
                    faq
                        .questions(
                            slice,
                            slice.equals("shipping") ? Faq.SHIPPING : Faq.OLD_POLICY,
                            slice,
                            8)
                        .stream())
            .toList();
    topics.heldOut(lessons);
    topics.candidate(trainer.train(adapter, 1, Set.of(slices), lessons));
    await(1, ReleaseState.ACTIVE);
  }

  private AdapterRelease await(int version, ReleaseState state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> newestOrNull(version), line -> line != null && line.getState() == state);
  }

  private AdapterRelease newest(int version) {
    AdapterRelease line = newestOrNull(version);
    assertTrue(line != null, "no line of version " + version);
    return line;
  }

  private AdapterRelease newestOrNull(int version) {
    return topics.lines(adapter.toString()).stream()
        .filter(line -> line.getVersion() == version)
        .reduce((older, newer) -> newer)
        .orElse(null);
  }

  private List<String> life() {
    return topics.lines(adapter.toString()).stream()
        .map(line -> line.getVersion() + " " + line.getState())
        .toList();
  }

  private static List<String> commands(AdapterId adapter) {
    return topics.commands(adapter.toString()).stream()
        .map(
            command ->
                "%s by %s: %s %s"
                    .formatted(
                        command.getCommand(),
                        command.getActor(),
                        command.getReason(),
                        command.getCommandId()))
        .toList();
  }

  /** Ids of the Kafka clients that show such meters. */
  private static Set<String> clientsOf(String meter, String label) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(meter) && line.contains(label))
        .map(line -> line.replaceAll(".*client_id=\"([^\"]*)\".*", "$1"))
        .collect(Collectors.toSet());
  }

  private static SliceResult slice(AdapterRelease release, String slice, SliceRole role) {
    return release.getSlices().stream()
        .filter(result -> result.getSlice().equals(slice) && result.getRole() == role)
        .findFirst()
        .orElseThrow();
  }

  private String alias() {
    try {
      return Files.readString(aliasFile()).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path aliasFile() {
    return directory.resolve("published/aliases").resolve(adapter.dotted());
  }

  private String path(String suffix) {
    return "/v1/adapters/" + adapter.dotted() + suffix;
  }

  private static String metrics() {
    return client.get("/metrics").body().asString();
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void assertProblem(int status, AdminClient.Answer answer, String words) {
    assertEquals(status, answer.status(), answer.toString());
    assertTrue(answer.contentType().startsWith("application/problem+json"), answer.contentType());
    assertTrue(answer.body().toString().contains(words), answer.body().toString());
  }

  private static List<TrainingExample> join(List<TrainingExample> one, List<TrainingExample> two) {
    return Stream.concat(one.stream(), two.stream()).toList();
  }
}
