package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.ReleaseState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The whole server against a real broker and a real, tiny model. */
@Timeout(120)
class ServeServiceIT {

  @TempDir static Path directory;
  private static final AtomicInteger TESTS = new AtomicInteger();
  private static EmbeddedBroker broker;
  private static KafkaSettings kafka;
  private static BaseModel base;

  private AdapterId adapter;
  private Adapters adapters;
  private ServeService service;
  private ServeClient client;

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    kafka = KafkaSettings.of(broker.bootstrapServers());
    base = BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() {
    adapter = new AdapterId("shop", "test-" + TESTS.incrementAndGet());
    startService();
    adapters = new Adapters(adapter, base, directory.resolve("published"), kafka);
  }

  private void startService() {
    service = startUnready();
    service.awaitReady(Duration.ofSeconds(30));
    client = new ServeClient(service.port());
  }

  private ServeService startUnready() {
    return ServeService.start(Configs.serving(adapter), kafka, base, Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    adapters.close();
    service.close();
  }

  @Test
  void answersAnAdapterWithoutAReleaseFromTheBaseAndRecordsIt() {
    JsonNode answer = client.chat(adapters.alias(), "Where is the shop?", 8);

    assertEquals("tiny", answer.path("model").asString());
    Interaction recorded = new InteractionTopic(kafka).await(answer.path("id").asString());
    assertEquals(adapter.toString(), recorded.getAdapter());
    assertEquals("tiny", recorded.getModel());
    assertEquals("Where is the shop?", recorded.getMessages().getFirst().getContent());
    assertEquals(answer.at("/choices/0/message/content").asString(), recorded.getCompletion());
    assertEquals(answer.at("/usage/completion_tokens").asInt(), recorded.getCompletionTokens());
    assertEquals(answer.at("/choices/0/finish_reason").asString(), recorded.getFinishReason());
  }

  @Test
  void movesTheAliasWithoutAFailedRequestWhileOthersStream() throws Exception {
    // given requests that never stop
    String before = client.text(client.chat(adapters.alias(), "Where is the shop?", 12));
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<List<String>>> streams = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      streams.add(CompletableFuture.supplyAsync(() -> streamUntil(stop)));
    }

    // when a version is released
    adapters.write(1);
    adapters.release(adapters.line(1, ReleaseState.PUBLISHED));
    adapters.release(adapters.line(1, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(1));
    adapters.write(2);
    adapters.release(adapters.line(1, ReleaseState.RETIRED), adapters.line(2, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(2));
    stop.set(true);

    // then every stream is whole and names one version, and versions only go forward
    for (CompletableFuture<List<String>> stream : streams) {
      List<String> models = stream.get();
      assertEquals(models.stream().sorted(this::byVersion).toList(), models);
      assertTrue(models.contains("tiny"), () -> "no answer before the release: " + models);
    }
    assertNotEquals(before, client.text(client.chat(adapters.alias(), "Where is the shop?", 12)));
    // and what was retired still answers by its own name, as it did
    assertEquals(adapters.name(1), client.chat(adapters.name(1), "Hi", 4).path("model").asString());
    assertEquals(before, client.text(client.chat("tiny", "Where is the shop?", 12)));
    assertFeedbackToServedWasMeasured();
  }

  private List<String> streamUntil(AtomicBoolean stop) {
    ServeClient own = new ServeClient(service.port());
    List<String> models = new ArrayList<>();
    while (!stop.get()) {
      models.add(own.streamedModel(adapters.alias(), "Where is the shop?", 12));
    }
    return models;
  }

  private int byVersion(String one, String other) {
    List<String> order = List.of("tiny", adapters.name(1), adapters.name(2));
    return Integer.compare(order.indexOf(one), order.indexOf(other));
  }

  private void assertFeedbackToServedWasMeasured() {
    String metrics = client.metrics();
    assertTrue(
        metrics.contains(
            "tributary_feedback_to_served_seconds_count{adapter=\"%s\",record=\"oldest\"} 2"
                .formatted(adapters.alias())),
        metrics);
    assertTrue(
        metrics.contains(
            "tributary_adapter_info{adapter=\"%s\",state=\"serving\",version=\"2\"} 1"
                .formatted(adapters.alias())),
        metrics);
    assertFalse(metrics.contains("version=\"1\""), metrics);
  }

  @Test
  void recordsTheVersionThatAnsweredAndWhoseItIs() {
    adapters.write(1);
    adapters.release(adapters.line(1, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(1));

    JsonNode answer =
        client.post(
            "/v1/completions",
            """
            {"model":"%s","prompt":"the shop","n":2,"max_tokens":4,"seed":5,"user":"person-7",
             "metadata":{"slice":"hours","session_id":"ticket-1","channel":"mail"}}\
            """
                .formatted(adapters.alias()));

    InteractionTopic topic = new InteractionTopic(kafka);
    String id = answer.path("id").asString();
    Interaction first = topic.await(id);
    assertEquals(adapters.name(1), first.getModel());
    assertEquals("the shop", first.getPrompt());
    assertEquals("hours", first.getSlice());
    assertEquals("ticket-1", first.getSessionId());
    assertEquals("person-7", first.getSubjectId());
    assertEquals(java.util.Map.of("channel", "mail"), first.getMetadata());
    assertEquals(answer.at("/choices/1/text").asString(), topic.await(id + "-1").getCompletion());
  }

  @Test
  void recordsABaseModelRequestUnderTheAdapterItNames() {
    JsonNode answer =
        client.post(
            "/v1/completions",
            """
            {"model":"tiny","prompt":"the shop","max_tokens":2,"metadata":{"adapter":"shop/faq"}}\
            """);

    Interaction recorded = new InteractionTopic(kafka).await(answer.path("id").asString());

    assertEquals("shop/faq", recorded.getAdapter());
    assertEquals("tiny", recorded.getModel());
    assertTrue(recorded.getMetadata().isEmpty());
  }

  @Test
  void keepsTheOldVersionWhileTheNewOneIsCorruptAndTakesItOnceItIsWhole() throws Exception {
    adapters.write(1);
    adapters.release(adapters.line(1, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(1));
    adapters.write(2);
    Path weights = adapters.directoryOf(2).resolve("adapter_model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    var line = adapters.line(2, ReleaseState.ACTIVE);
    byte[] damaged = whole.clone();
    damaged[damaged.length - 1] ^= 1;
    Files.write(weights, damaged);

    // when
    adapters.release(adapters.line(1, ReleaseState.RETIRED), line);

    // then it is named, and the old one answers
    Awaitility.await().until(() -> client.health().contains(adapters.name(2) + " should answer"));
    assertTrue(client.health().contains("\"status\":\"ready\""));
    assertEquals(adapters.name(1), client.chat(adapters.alias(), "Hi", 4).path("model").asString());
    String metrics = client.metrics();
    assertTrue(
        metrics.contains(
            "tributary_replicas_ready{adapter=\"%s\",publisher=\"builtin\"} 0"
                .formatted(adapters.alias())),
        metrics);
    assertTrue(metrics.contains("outcome=\"failed\""), metrics);

    // and when the bytes are right again it is taken up by itself
    Files.write(weights, whole);
    awaitAlias(adapters.name(2));
    assertFalse(client.health().contains("should answer"));
  }

  @Test
  void goesBackOnRollbackAndWithdrawsTheVersion() {
    adapters.write(1);
    adapters.write(2);
    adapters.release(adapters.line(1, ReleaseState.ACTIVE));
    adapters.release(adapters.line(1, ReleaseState.RETIRED), adapters.line(2, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(2));

    adapters.release(
        adapters.line(2, ReleaseState.ROLLED_BACK), adapters.line(1, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(1));

    JsonNode refused =
        client.refused(
            404, "/v1/chat/completions", ServeClient.chatBody(adapters.name(2), "Hi", 4));
    assertEquals("model_not_found", refused.path("code").asString());

    // and with no version left the base answers
    adapters.release(adapters.line(1, ReleaseState.ROLLED_BACK));
    awaitAlias("tiny");
  }

  @Test
  void takesTheActiveVersionUpAgainAfterARestart() throws Exception {
    adapters.write(1);
    adapters.write(2);
    adapters.release(adapters.line(1, ReleaseState.RETIRED), adapters.line(2, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(2));
    service.close();

    startService();
    assertEquals(adapters.name(2), client.chat(adapters.alias(), "Hi", 4).path("model").asString());
    assertFalse(
        client.metrics().contains("feedback_to_served"), "a restart is no new feedback served");
    service.close();

    // and the newest retired one that loads stands in for one that got lost
    Files.delete(adapters.directoryOf(2).resolve("adapter_model.safetensors"));
    startService();
    assertEquals(adapters.name(1), client.chat(adapters.alias(), "Hi", 4).path("model").asString());
    assertTrue(client.health().contains(adapters.name(2) + " should answer"), client.health());
    service.close();

    // and with nothing that loads the alias refuses instead of answering as the base
    Files.delete(adapters.directoryOf(1).resolve("adapter_model.safetensors"));
    service = startUnready();
    client = new ServeClient(service.port());
    Awaitility.await().until(() -> client.health().contains(adapters.name(2) + " should answer"));
    client.refused(503, "/v1/chat/completions", ServeClient.chatBody(adapters.alias(), "Hi", 4));
    assertTrue(client.health().contains("\"status\":\"not_ready\""));
  }

  @Test
  void listsTheBaseTheAliasesAndTheVersions() {
    adapters.write(1);
    adapters.release(adapters.line(1, ReleaseState.ACTIVE));
    awaitAlias(adapters.name(1));

    JsonNode list = client.get("/v1/models");

    assertEquals("list", list.path("object").asString());
    List<String> ids = new ArrayList<>();
    list.path("data").forEach(model -> ids.add(model.path("id").asString()));
    assertEquals("tiny", ids.getFirst());
    assertTrue(ids.containsAll(List.of(adapters.alias(), adapters.name(1))), ids::toString);
    JsonNode alias = client.get("/v1/models/" + adapters.alias());
    assertEquals(adapters.name(1), alias.path("root").asString());
    assertEquals("tiny", alias.path("parent").asString());
    assertEquals(64, alias.path("max_model_len").asInt());
    assertEquals(
        adapters.name(1),
        client.get("/v1/models/" + adapters.alias() + "%40v1").path("id").asString());
  }

  private void awaitAlias(String version) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                client
                    .get("/v1/models/" + adapters.alias())
                    .path("root")
                    .asString()
                    .equals(version));
  }
}
