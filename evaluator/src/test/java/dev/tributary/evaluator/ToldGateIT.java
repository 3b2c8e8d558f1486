package dev.tributary.evaluator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.PartitionOffset;
import dev.tributary.schemas.ReleaseState;
import dev.tributary.schemas.SliceResult;
import dev.tributary.schemas.ToldAnswer;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Verdict;
import dev.tributary.schemas.topics.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The gate where nothing is held out: what was told decides, and answers count. */
@Timeout(180)
class ToldGateIT {

  @TempDir static Path directory;
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static EmbeddedBroker broker;
  private static TestTrainer trainer;
  private static TestTopics topics;
  private static EvaluatorService service;
  private static AdminClient client;

  private AdapterId adapter;
  private Faq faq;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    KafkaSettings kafka = KafkaSettings.of(broker.bootstrapServers());
    BaseModel base =
        BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
    service =
        EvaluatorService.start(EvaluatorProcess.config(directory), kafka, base, Clock.systemUTC());
    service.awaitReady(Duration.ofSeconds(30));
    client = new AdminClient(service.port());
    trainer =
        new TestTrainer(
            base, new ArtifactStore(directory.resolve("artifacts")), directory.resolve("scratch"));
    topics = new TestTopics(kafka);
  }

  @AfterAll
  static void stop() {
    topics.close();
    service.close();
    broker.close();
  }

  @BeforeEach
  void newAdapter() {
    adapter = new AdapterId("shop", "told-" + TESTS.incrementAndGet());
    faq = new Faq(adapter);
  }

  @Test
  void oneCorrectionIsEnough() {
    // given a release that has learnt a small FAQ, none of it held out
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "r", 4);
    List<TrainingExample> shipping = faq.questions("shipping", Faq.SHIPPING, "s", 4);
    topics.trained(returns);
    topics.trained(shipping);
    topics.candidate(cut(trainer.train(adapter, 1, Set.of("returns"), join(returns, shipping))));
    AdapterRelease first = await(1, ReleaseState.ACTIVE);
    assertEquals(8, first.getTold().size());

    // when one answer is corrected, and one other wording with it
    List<TrainingExample> correction =
        List.of(
            TrainingExample.newBuilder(returns.getFirst())
                .setExampleId("correction")
                .setCompletion("Yes, 45 days.")
                .setRejected(Faq.OLD_POLICY)
                .setEventTime(returns.getFirst().getEventTime().plusSeconds(60))
                .build());
    topics.trained(correction);
    List<TrainingExample> relabelled =
        returns.stream()
            .map(each -> TrainingExample.newBuilder(each).setCompletion("Yes, 45 days.").build())
            .toList();
    topics.candidate(cut(trainer.train(adapter, 2, Set.of("returns"), join(relabelled, shipping))));

    // then it is live, and says what changed
    AdapterRelease second = await(2, ReleaseState.ACTIVE);
    assertEquals(Verdict.PASSED, second.getVerdict());
    assertTrue(
        second.getReasons().getFirst().contains("on 1 told record; 1 of 1 answered as told"),
        second.getReasons().toString());
    ToldAnswer told = second.getTold().getFirst();
    assertEquals("Yes, 45 days.", told.getWanted());
    assertEquals(Faq.OLD_POLICY, told.getBefore());
    assertEquals("Yes, 45 days.", told.getAfter());
    // the other wordings of the old policy are not asked for any more, shipping still is
    assertEquals(
        List.of("returns FRESH TOLD 1", "shipping RETAINED TOLD 4"),
        second.getSlices().stream()
            .filter(slice -> slice.getEvidence() == Evidence.TOLD)
            .map(ToldGateIT::words)
            .toList());
    JsonNode json = client.get("/v1/adapters/" + adapter.dotted()).body();
    JsonNode version = json.path("versions").path(0);
    assertEquals("Yes, 45 days.", version.path("told").path(0).path("after").asString());
    assertTrue(version.path("position").path("offset").asInt() >= 9, version.toString());
  }

  @Test
  void whatIsNotAnsweredAsToldIsRefused() {
    List<TrainingExample> told = faq.questions("returns", "Yes, for 45 days.", "r", 3);
    topics.trained(told);
    List<TrainingExample> garbled = faq.questions("returns", "Yes, for 4 4 days.", "r", 3);
    topics.candidate(cut(trainer.train(adapter, 1, Set.of("returns"), garbled)));

    AdapterRelease refused = await(1, ReleaseState.GATED);
    assertEquals("told_not_learnt", refused.getReason());
    assertTrue(
        refused.getReasons().getFirst().contains("0 of 3 answered as told"),
        refused.getReasons().toString());
    assertEquals("Yes, for 4 4 days.", refused.getTold().getFirst().getAfter());
  }

  @Test
  void aBetterLossDoesNotMakeUpForAnswersThatAreLost() {
    // given a release that answers what it was told
    List<TrainingExample> shipping = faq.questions("shipping", Faq.SHIPPING, "s", 6);
    topics.trained(shipping);
    topics.candidate(cut(trainer.train(adapter, 1, Set.of("shipping"), shipping)));
    await(1, ReleaseState.ACTIVE);

    // when a candidate has learnt something new and answers the old wrongly
    List<TrainingExample> returns = faq.questions("returns", Faq.OLD_POLICY, "r", 2);
    topics.trained(returns);
    List<TrainingExample> almost = faq.questions("shipping", "In 4 days.", "s", 6);
    topics.candidate(cut(trainer.train(adapter, 2, Set.of("returns"), join(returns, almost))));

    AdapterRelease refused = await(2, ReleaseState.GATED);
    assertEquals(Verdict.FAILED, refused.getVerdict());
    assertTrue(
        refused.getReasons().stream()
            .anyMatch(reason -> reason.contains("of 6 retained answers, 6 right ones of")),
        refused.getReasons().toString());
    // and what it lost is told again, for the trainer to make another of it
    assertTrue(
        refused.getReasons().getLast().contains("what was lost (6 answers) is told again"),
        refused.getReasons().toString());
    assertEquals(6 + 2 + 6, examples());
  }

  /** A candidate that has seen every example there is of its adapter. */
  private AdapterCandidate cut(AdapterCandidate candidate) {
    PartitionOffset position =
        topics.read(Topics.EXAMPLES.name()).stream()
            .filter(
                message ->
                    adapter.toString().equals(new String(message.key(), StandardCharsets.UTF_8)))
            .map(
                message ->
                    new PartitionOffset(
                        message.topic(), "topic", message.partition(), message.offset() + 1))
            .reduce((older, newer) -> newer)
            .orElseThrow();
    return AdapterCandidate.newBuilder(candidate).setPosition(position).build();
  }

  /** How many records there are for the trainer. */
  private long examples() {
    return topics.read(Topics.EXAMPLES.name()).stream()
        .filter(
            message -> adapter.toString().equals(new String(message.key(), StandardCharsets.UTF_8)))
        .count();
  }

  private AdapterRelease await(int version, ReleaseState state) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                topics.lines(adapter.toString()).stream()
                    .filter(line -> line.getVersion() == version)
                    .reduce((older, newer) -> newer)
                    .orElse(null),
            line -> line != null && line.getState() == state);
  }

  private static String words(SliceResult slice) {
    return "%s %s %s %d"
        .formatted(slice.getSlice(), slice.getRole(), slice.getEvidence(), slice.getRecords());
  }

  private static List<TrainingExample> join(List<TrainingExample> one, List<TrainingExample> two) {
    return Stream.concat(one.stream(), two.stream()).toList();
  }
}
