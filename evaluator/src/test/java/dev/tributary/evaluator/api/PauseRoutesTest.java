package dev.tributary.evaluator.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.evaluator.loop.CommandDesk;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.schemas.Command;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pausing and resuming, against a producer that acknowledges when it is told to. */
class PauseRoutesTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  private final SchemaRegistry schemas = new LocalSchemaRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private MockProducer<byte[], byte[]> producer;
  private HttpServer server;

  @BeforeEach
  void start() {
    serve(true, Duration.ofSeconds(30));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  private void serve(boolean acknowledge, Duration patience) {
    producer =
        new MockProducer<>(acknowledge, null, new ByteArraySerializer(), new ByteArraySerializer());
    CommandDesk desk =
        new CommandDesk(producer, Contracts.serializer(ControlCommand.class, schemas));
    AdapterRoutes routes =
        new AdapterRoutes(new Registry(), desk, patience, Clock.fixed(NOON, ZoneOffset.UTC));
    server = HttpServer.builder(HttpConfig.onPort(0)).routes(routes.routes()).start();
  }

  @ParameterizedTest
  @CsvSource({"pause, PAUSE", "resume, RESUME"})
  void aCommandIsRecordedForAnAdapterWithoutAVersion(String path, Command command) {
    HttpResponse<String> answer =
        post("acme.new/" + path, "{\"reason\": \"bad data\", \"actor\": \"ann\"}").join();

    assertEquals(202, answer.statusCode(), answer.body());
    ProducerRecord<byte[], byte[]> written = producer.history().getFirst();
    ControlCommand recorded =
        Contracts.decoder(ControlCommand.class, schemas).decode(written.value());
    assertEquals(Topics.CONTROL.name(), written.topic());
    assertEquals("acme/new", new String(written.key(), StandardCharsets.UTF_8));
    assertEquals(json(answer).path("command_id").asString(), recorded.getCommandId());
    assertEquals("acme/new", recorded.getAdapter());
    assertEquals(command, recorded.getCommand());
    assertEquals("ann", recorded.getActor());
    assertEquals("bad data", recorded.getReason());
    assertEquals(NOON, recorded.getEventTime());
  }

  @Test
  void theAnswerWaitsForTheBroker() {
    server.close();
    serve(false, Duration.ofSeconds(30));

    CompletableFuture<HttpResponse<String>> answer = post("acme.new/pause", "{\"reason\": \"x\"}");
    Awaitility.await().until(() -> producer.history().size() == 1);
    assertFalse(answer.isDone());
    producer.completeNext();

    assertEquals(202, answer.join().statusCode());
  }

  @Test
  void whatTheBrokerRefusesIsNotAccepted() {
    server.close();
    serve(false, Duration.ofSeconds(30));

    CompletableFuture<HttpResponse<String>> answer = post("acme.new/pause", "{\"reason\": \"x\"}");
    Awaitility.await().until(() -> producer.history().size() == 1);
    producer.errorNext(new TimeoutException("no broker"));

    assertEquals(503, answer.join().statusCode());
    assertTrue(answer.join().body().contains("could not be recorded"), answer.join().body());
  }

  @Test
  void aBrokerThatDoesNotAnswerIsNotAccepted() {
    server.close();
    serve(false, Duration.ofMillis(50));

    HttpResponse<String> answer = post("acme.new/resume", "{\"reason\": \"x\"}").join();

    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("send it again"), answer.body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"reason\": \"\"}",
        "{\"reason\": \"x\", \"version\": 1}",
        "{\"reason\": \"x\", \"force\": true}"
      })
  void aBodyThatSaysTooLittleOrTooMuchIsRefused(String body) {
    assertEquals(422, post("acme.new/pause", body).join().statusCode());
    assertTrue(producer.history().isEmpty());
  }

  @Test
  void whatIsNoAdapterIdIsRefused() {
    assertEquals(422, post("Not_An_Id/pause", "{\"reason\": \"x\"}").join().statusCode());
    assertTrue(producer.history().isEmpty());
  }

  private CompletableFuture<HttpResponse<String>> post(String path, String json) {
    return client.sendAsync(
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/v1/adapters/%s".formatted(server.port(), path)))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return JsonMapper.shared().readTree(answer.body());
  }
}
