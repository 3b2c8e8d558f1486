package dev.tributary.ingest.gateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.ingest.topology.FeedbackStatus;
import dev.tributary.ingest.topology.JoinStatus;
import dev.tributary.ingest.topology.RecordStates;
import dev.tributary.ingest.topology.VoiceStatus;
import dev.tributary.ingest.trail.Trail;
import dev.tributary.ingest.trail.Trails;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.FeedbackKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GatewayTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final String INSTRUCTION =
      "{\"adapter\":\"acme/support\",\"instruction\":\"How long?\",\"output\":\"30 days.\"}";
  private static final String THUMB = "{\"request_id\":\"r1\",\"kind\":\"thumb\",\"value\":-1}";

  private final MockProducer<String, byte[]> producer = producer(true);
  private GatewayFixture gateway = gateway(producer, GatewayConfig.DEFAULT);

  private static MockProducer<String, byte[]> producer(boolean autoComplete) {
    return new MockProducer<>(
        autoComplete, null, new StringSerializer(), new ByteArraySerializer());
  }

  private static GatewayFixture gateway(
      MockProducer<String, byte[]> producer, GatewayConfig config) {
    return new GatewayFixture(
        config,
        producer,
        new Trails(new WaitingFeedback(), new Trail(10), 2),
        Clock.fixed(NOW, ZoneOffset.UTC));
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void storesInstructions() throws Exception {
    String full =
        """
        {"id": "i1", "adapter": "acme/support", "instruction": "a", "input": "b", "output": "c", "slice": "returns",
         "fact_key": "returns.window", "source": "agent", "author_id": "u1", "subject_id": "s1",
         "timestamp": "2026-11-24T09:00:00Z", "metadata": {"k": "v"}}\
        """;

    HttpResponse<String> answer = gateway.json("/v1/instructions", full);

    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("i1", GatewayFixture.tree(answer).get("id").stringValue());
    ProducerRecord<String, byte[]> sent = producer.history().getFirst();
    assertEquals("tributary.instructions", sent.topic());
    assertEquals("acme/support", sent.key());
    assertEquals(
        new InstructionRecord(
            "i1",
            "acme/support",
            "a",
            "b",
            "c",
            List.of(),
            "returns",
            "returns.window",
            FeedbackSource.AGENT,
            "u1",
            "s1",
            Instant.parse("2026-11-24T09:00:00Z"),
            NOW,
            Map.of("k", "v")),
        gateway.decode(InstructionRecord.class, producer.history()).getFirst());
    assertEquals(1, gateway.counted("instruction", "accepted"));
  }

  @Test
  void readsTheOtherFormsOfInstructions() throws Exception {
    gateway.json(
        "/v1/instructions",
        """
        {"adapter": "a/b", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a", "weight": 1}]}\
        """);
    gateway.json(
        "/v1/instructions", "{\"adapter\": \"a/b\", \"prompt\": \"p\", \"completion\": \"c\"}");

    List<InstructionRecord> records = gateway.decode(InstructionRecord.class, producer.history());
    assertEquals(
        List.of(new ChatMessage("user", "q", null), new ChatMessage("assistant", "a", 1.0)),
        records.get(0).getMessages());
    assertEquals("p", records.get(1).getInstruction());
    assertEquals("c", records.get(1).getOutput());
    assertEquals(NOW, records.get(1).getEventTime());
    assertEquals(FeedbackSource.CODE, records.get(1).getSource());
  }

  @Test
  void storesInteractions() throws Exception {
    HttpResponse<String> answer =
        gateway.json(
            "/v1/interactions",
            """
            {"request_id": "r1", "aliases": ["m1"], "adapter": "a/b", "model": "a.b@v3", "prompt": "p", "completion": "",
             "finish_reason": "stop", "session_id": "s", "prompt_tokens": 3, "completion_tokens": 0}\
            """);

    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("r1", producer.history().getFirst().key());
    assertEquals(
        new Interaction(
            "r1",
            List.of("m1"),
            "a/b",
            "a.b@v3",
            List.of(),
            "p",
            "",
            "stop",
            null,
            "s",
            null,
            3,
            0,
            NOW,
            NOW,
            Map.of()),
        gateway.decode(Interaction.class, producer.history()).getFirst());
  }

  @Test
  void storesFeedback() throws Exception {
    HttpResponse<String> answer =
        gateway.json(
            "/v1/feedback",
            """
            {"id": "f1", "request_id": "r1", "kind": "rating", "value": 4, "scale": [0, 10], "name": "tone", "label": "l",
             "comment": "c", "source": "annotator", "timestamp": 1795514399, "fact_key": "k", "slice": "s"}\
            """);

    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("r1", producer.history().getFirst().key());
    assertEquals(
        new Feedback(
            "f1",
            "r1",
            null,
            "tone",
            FeedbackKind.RATING,
            4.0,
            0.0,
            10.0,
            "l",
            "c",
            null,
            null,
            null,
            "s",
            "k",
            FeedbackSource.ANNOTATOR,
            null,
            null,
            Instant.parse("2026-11-24T09:59:59Z"),
            NOW,
            Map.of()),
        gateway.decode(Feedback.class, producer.history()).getFirst());
  }

  @Test
  void readsWhatEachKindOfFeedbackSays() throws Exception {
    String request = "{\"request_id\": \"r1\", \"kind\": ";
    for (String rest :
        List.of(
            "\"thumb\", \"value\": true}",
            "\"thumb\", \"value\": -1}",
            "\"rating\", \"value\": 5}",
            "\"label\", \"label\": \"good\"}",
            "\"comment\", \"comment\": \"slow\"}",
            "\"correction\", \"correction\": [{\"role\": \"user\", \"content\": \"q\"}, {\"role\":"
                + " \"assistant\", \"content\": \"a\"}]}",
            "\"preference\", \"preferred\": \"x\", \"rejected\": \"y\"}")) {
      HttpResponse<String> answer = gateway.json("/v1/feedback", request + rest);
      assertEquals(202, answer.statusCode(), answer.body());
    }

    List<Feedback> records = gateway.decode(Feedback.class, producer.history());
    assertEquals(1.0, records.get(0).getValue());
    assertEquals(0.0, records.get(0).getScaleMin());
    assertEquals(-1.0, records.get(1).getValue());
    assertNull(records.get(1).getScaleMin());
    assertEquals(5.0, records.get(2).getScaleMax());
    assertEquals("a", records.get(5).getCorrection());
    assertEquals("x", records.get(6).getPreferred());
    assertEquals("user_feedback", records.get(6).getName());
    assertEquals(FeedbackSource.USER, records.get(6).getSource());
  }

  @Test
  void givesTheSameContentTheSameId() throws Exception {
    String first =
        GatewayFixture.tree(gateway.json("/v1/instructions", INSTRUCTION)).get("id").stringValue();
    String reordered =
        "{ \"output\":\"30 days.\",\n\"instruction\":\"How long?\", \"adapter\":\"acme/support\" }";
    String other = INSTRUCTION.replace("30", "14");

    assertEquals(32, first.length());
    assertEquals(
        first,
        GatewayFixture.tree(gateway.json("/v1/instructions", reordered)).get("id").stringValue());
    assertFalse(
        first.equals(
            GatewayFixture.tree(gateway.json("/v1/instructions", other)).get("id").stringValue()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "instructions | {'adapter':'../x','instruction':'a','output':'b'}                  |"
            + " /adapter",
        "instructions | {'adapter':'a/b/c','instruction':'a','output':'b'}                 |"
            + " /adapter",
        "instructions | {'adapter':'A/b','instruction':'a','output':'b'}                   |"
            + " /adapter",
        "instructions | {'adapter':'é/x','instruction':'a','output':'b'}                   |"
            + " /adapter",
        "instructions | {'adapter':'a/.','instruction':'a','output':'b'}                   |"
            + " /adapter",
        "instructions | {'adapter':'a','instruction':'a','output':'b'}                     |"
            + " /adapter",
        "instructions | {'adapter':'a.b','instruction':'a','output':'b'}                   |"
            + " /adapter",
        "instructions | {'adapter':7,'instruction':'a','output':'b'}                       |"
            + " /adapter",
        "instructions | {'instruction':'a','output':'b'}                                   |"
            + " /adapter",
        "instructions | {'adapter':'a/b','instruction':' ','output':'b'}                   |"
            + " /instruction",
        "instructions | {'adapter':'a/b','instruction':'a','output':''}                    |"
            + " /output",
        "instructions | {'adapter':'a/b','instruction':'a'}                                |"
            + " /output",
        "instructions | {'adapter':'a/b','prompt':'a'}                                     |"
            + " /completion",
        "instructions | {'adapter':'a/b'}                                                  | ",
        "instructions | {'adapter':'a/b','prompt':'a','completion':'b','output':'c'}       | ",
        "instructions | {'adapter':'a/b','messages':[]}                                    |"
            + " /messages",
        "instructions | {'adapter':'a/b','messages':[{'role':'assistant','content':'a'}]}  |"
            + " /messages",
        "instructions |"
            + " {'adapter':'a/b','messages':[{'role':'user','content':'a'},{'role':'user','content':'a'}]}"
            + " | /messages",
        "instructions |"
            + " {'adapter':'a/b','messages':[{'role':'bot','content':'a'},{'role':'assistant','content':'a'}]}"
            + " | /messages/0/role",
        "instructions |"
            + " {'adapter':'a/b','messages':[{'role':'user'},{'role':'assistant','content':'a'}]} |"
            + " /messages/0/content",
        "instructions | {'adapter':'a/b','instruction':'a','output':'b','instrction':'c'}  |"
            + " /instrction",
        "instructions | {'adapter':'a/b','instruction':'a','output':'b','source':'staff'}  |"
            + " /source",
        "instructions |"
            + " {'adapter':'a/b','instruction':'a','output':'b','timestamp':'2026-11-24T10:05:01Z'}"
            + " | /timestamp",
        "instructions | {'adapter':'a/b','instruction':'a','output':'b','timestamp':-1}    |"
            + " /timestamp",
        "instructions | {'adapter':'a/b','instruction':'a','output':'b','metadata':{'k':[]}} |"
            + " /metadata/k",
        "instructions | {'adapter':'a/b','instruction':'\\ud800','output':'b'}             |"
            + " /instruction",
        "interactions | {'adapter':'a/b','prompt':'p','completion':'c'}                    |"
            + " /request_id",
        "interactions | {'request_id':'r','adapter':'a/b','completion':'c'}                | ",
        "interactions |"
            + " {'request_id':'r','adapter':'a/b','prompt':'p','messages':[],'completion':'c'} | ",
        "interactions | {'request_id':'r','adapter':'a/b','messages':[],'completion':'c'}  |"
            + " /messages",
        "interactions | {'request_id':'r','adapter':'a/b','prompt':'p'}                    |"
            + " /completion",
        "interactions |"
            + " {'request_id':'r','adapter':'a/b','prompt':'p','completion':'c','prompt_tokens':-1}"
            + " | /prompt_tokens",
        "interactions |"
            + " {'request_id':'r','adapter':'a/b','prompt':'p','completion':'c','aliases':[' ']} |"
            + " /aliases",
        "feedback     | {'kind':'thumb','value':1}                                         |"
            + " /request_id",
        "feedback     | {'request_id':'r','value':1}                                       | /kind",
        "feedback     | {'request_id':'r','kind':'THUMB','value':1}                        | /kind",
        "feedback     | {'request_id':'r','kind':'thumb'}                                  |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'thumb','value':2}                        |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'thumb','value':'up'}                     |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'rating','value':6}                       |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'rating','value':0}                       |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'rating','value':11,'scale':[1,10]}       |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'rating','value':1,'scale':[5,1]}         |"
            + " /scale",
        "feedback     | {'request_id':'r','kind':'rating','value':1e999}                   |"
            + " /value",
        "feedback     | {'request_id':'r','kind':'correction','correction':' '}            |"
            + " /correction",
        "feedback     | {'request_id':'r','kind':'correction','correction':[]}             |"
            + " /correction",
        "feedback     | {'request_id':'r','kind':'correction'}                             |"
            + " /correction",
        "feedback     | {'request_id':'r','kind':'preference','rejected':'x'}              |"
            + " /preferred",
        "feedback     | {'request_id':'r','kind':'label'}                                  |"
            + " /label",
        "feedback     | {'request_id':'r','kind':'comment'}                                |"
            + " /comment",
      })
  void answers422WithAPointer(String path, String body, String pointer) throws Exception {
    HttpResponse<String> answer = gateway.json("/v1/" + path, body.replace('\'', '"'));

    assertEquals(422, answer.statusCode(), answer.body());
    JsonNode errors = GatewayFixture.tree(answer).get("errors");
    assertEquals(
        pointer == null ? "" : pointer, errors.get(0).get("pointer").stringValue(), answer.body());
    assertEquals(1, errors.size(), answer.body());
    assertTrue(producer.history().isEmpty());
  }

  @Test
  void boundsMetadataAndAdapterNames() throws Exception {
    StringBuilder metadata = new StringBuilder("{");
    for (int i = 0; i < 17; i++) {
      metadata.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
    }
    String body = INSTRUCTION.replace("}", ",\"metadata\":" + metadata + "}}");
    assertEquals(422, gateway.json("/v1/instructions", body).statusCode());
    String longName = INSTRUCTION.replace("acme", "a".repeat(64));
    assertEquals(422, gateway.json("/v1/instructions", longName).statusCode());
    assertEquals(
        202,
        gateway.json("/v1/instructions", INSTRUCTION.replace("acme", "a".repeat(63))).statusCode());
  }

  @Test
  void answersAWholeBatch() throws Exception {
    HttpResponse<String> answer =
        gateway.ndjson("/v1/feedback", THUMB + "\r\n\n" + THUMB.replace("r1", "r2"));

    assertEquals(202, answer.statusCode());
    assertEquals("{\"accepted\":2,\"rejected\":0}", answer.body());
    assertEquals(
        List.of("r1", "r2"), producer.history().stream().map(ProducerRecord::key).toList());
  }

  @Test
  void storesTheGoodLinesOfABatchAndNamesTheBad() throws Exception {
    String lines =
        String.join(
            "\n",
            THUMB,
            "{\"kind\":",
            "",
            "{\"request_id\":\"r\",\"kind\":\"rating\",\"value\":6}",
            THUMB);

    HttpResponse<String> answer = gateway.ndjson("/v1/feedback", lines);

    assertEquals(207, answer.statusCode());
    JsonNode body = GatewayFixture.tree(answer);
    assertEquals(2, body.get("accepted").intValue());
    assertEquals(2, body.get("rejected").intValue());
    assertEquals(2, body.get("errors").get(0).get("line").intValue());
    assertEquals(400, body.get("errors").get(0).get("status").intValue());
    assertEquals(4, body.get("errors").get(1).get("line").intValue());
    assertEquals(
        "/value", body.get("errors").get(1).get("errors").get(0).get("pointer").stringValue());
    assertEquals(2, producer.history().size());
    assertEquals(2, gateway.counted("feedback", "invalid"));
  }

  @Test
  void refusesEmptyAndLargeBodies() throws Exception {
    String large = INSTRUCTION.replace("30 days.", "x".repeat(1 << 20));
    assertEquals(413, gateway.json("/v1/instructions", large).statusCode());
    assertEquals(
        413,
        GatewayFixture.tree(gateway.ndjson("/v1/instructions", large))
            .get("errors")
            .get(0)
            .get("status")
            .intValue());
    assertEquals(
        413, gateway.ndjson("/v1/instructions", (INSTRUCTION + "\n").repeat(250_000)).statusCode());
    assertEquals(400, gateway.ndjson("/v1/instructions", "\n\n").statusCode());
    assertEquals(400, gateway.json("/v1/instructions", "").statusCode());
    String nearly = INSTRUCTION.replace("30 days.", "x".repeat((1 << 20) - 100));
    assertEquals(413, gateway.json("/v1/instructions", nearly).statusCode());
    assertTrue(producer.history().isEmpty());
  }

  @Test
  void refusesBatchesOfVeryManyLines() throws Exception {
    HttpResponse<String> answer = gateway.ndjson("/v1/feedback", "{}\n".repeat(1_000_000));

    assertEquals(413, answer.statusCode());
    assertTrue(answer.body().contains("more than 20000 lines"), answer.body());
  }

  @Test
  void answers429WhileTooMuchWaitsForTheBroker() throws Exception {
    // Given a broker that acknowledges nothing yet, and room for two records
    MockProducer<String, byte[]> slow = producer(false);
    gateway.close();
    gateway = gateway(slow, new GatewayConfig(2, null, null, null, null));
    CompletableFuture<HttpResponse<String>> first =
        CompletableFuture.supplyAsync(
            () -> unchecked(() -> gateway.ndjson("/v1/feedback", THUMB + "\n" + THUMB)));
    await().until(() -> slow.history().size() == 2);

    // When one more comes, then it is sent away and not sent on
    HttpResponse<String> second = gateway.json("/v1/feedback", THUMB);
    assertEquals(429, second.statusCode());
    assertEquals("1", second.headers().firstValue("Retry-After").orElseThrow());
    assertEquals(2, slow.history().size());
    assertFalse(first.isDone());

    // And a batch that could never fit is not told to come again
    assertEquals(413, gateway.ndjson("/v1/feedback", (THUMB + "\n").repeat(3)).statusCode());

    // And once the broker acknowledges, the first is answered and there is room again
    slow.completeNext();
    assertFalse(first.isDone());
    slow.completeNext();
    assertEquals(202, first.get(5, TimeUnit.SECONDS).statusCode());
    CompletableFuture<HttpResponse<String>> third =
        CompletableFuture.supplyAsync(() -> unchecked(() -> gateway.json("/v1/feedback", THUMB)));
    await().until(() -> slow.completeNext());
    assertEquals(202, third.get(5, TimeUnit.SECONDS).statusCode());
    assertEquals(1, gateway.counted("feedback", "throttled"));
  }

  @Test
  void answers503WhenTheBrokerDoesNotAcknowledge() throws Exception {
    // Given a batch of which the broker acknowledges one record and not the other
    MockProducer<String, byte[]> failing = producer(false);
    gateway.close();
    gateway = gateway(failing, new GatewayConfig(2, null, null, null, null));
    CompletableFuture<HttpResponse<String>> answer =
        CompletableFuture.supplyAsync(
            () -> unchecked(() -> gateway.ndjson("/v1/feedback", THUMB + "\n" + THUMB)));
    await().until(() -> failing.history().size() == 2);
    failing.completeNext();
    failing.errorNext(new TimeoutException("expired"));

    // Then the whole batch is to be sent again
    assertEquals(503, answer.get(5, TimeUnit.SECONDS).statusCode());
    assertEquals("1", answer.get().headers().firstValue("Retry-After").orElseThrow());

    // And the room it took is free
    CompletableFuture<HttpResponse<String>> tooLarge =
        CompletableFuture.supplyAsync(
            () -> unchecked(() -> gateway.ndjson("/v1/feedback", THUMB + "\n" + THUMB)));
    await().until(() -> failing.history().size() == 4);
    failing.errorNext(new RecordTooLargeException("1,000,001 bytes"));
    failing.completeNext();
    assertEquals(413, tooLarge.get(5, TimeUnit.SECONDS).statusCode());
  }

  @Test
  void answers503WhenTheProducerRefusesAtOnce() throws Exception {
    producer.sendException = new TimeoutException("no metadata");

    assertEquals(503, gateway.json("/v1/feedback", THUMB).statusCode());
  }

  @Test
  void repeatsTheAnswerUnderAnIdempotencyKey() throws Exception {
    HttpResponse<String> first = gateway.json("/v1/feedback", THUMB, "Idempotency-Key", "k1");
    HttpResponse<String> again = gateway.json("/v1/feedback", THUMB, "Idempotency-Key", "k1");
    HttpResponse<String> other =
        gateway.json("/v1/feedback", THUMB.replace("r1", "r2"), "Idempotency-Key", "k1");
    HttpResponse<String> elsewhere =
        gateway.json("/v1/instructions", INSTRUCTION, "Idempotency-Key", "k1");

    assertEquals(202, again.statusCode());
    assertEquals(first.body(), again.body());
    assertEquals("true", again.headers().firstValue("Idempotency-Replayed").orElseThrow());
    assertEquals(422, other.statusCode());
    assertEquals(202, elsewhere.statusCode());
    assertEquals(2, producer.history().size());
    assertEquals(
        400, gateway.json("/v1/feedback", THUMB, "Idempotency-Key", "k".repeat(257)).statusCode());
  }

  @Test
  void carriesTheTraceIntoTheRecord() throws Exception {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    gateway.json("/v1/feedback", THUMB, "traceparent", trace);
    gateway.json("/v1/feedback", THUMB, "traceparent", "nonsense");

    assertEquals(
        trace,
        new String(
            producer.history().get(0).headers().lastHeader("traceparent").value(),
            StandardCharsets.US_ASCII));
    assertNull(producer.history().get(1).headers().lastHeader("traceparent"));
  }

  @Test
  void tellsWhereARecordStands() throws Exception {
    // when
    JsonNode feedback = GatewayFixture.tree(gateway.get("/v1/feedback/f%201"));

    // then
    assertEquals(
        List.of(
            "id",
            "object",
            "adapter",
            "request_id",
            "status",
            "use",
            "received_at",
            "updated_at",
            "example",
            "trained",
            "verdict",
            "served",
            "waits_for",
            "what_to_do"),
        List.copyOf(feedback.propertyNames()));
    assertEquals("f 1", feedback.get("id").stringValue());
    assertEquals("feedback", feedback.get("object").stringValue());
    assertEquals("r1", feedback.get("request_id").stringValue());
    assertEquals("waiting_for_interaction", feedback.get("status").stringValue());
    assertEquals("2026-11-24T10:00:00Z", feedback.get("updated_at").stringValue());
    assertTrue(feedback.get("example").isNull());
    assertTrue(feedback.get("waits_for").stringValue().endsWith("."));

    // and nothing of what nobody sent
    assertEquals(404, gateway.get("/v1/feedback/other").statusCode());
    assertEquals(404, gateway.get("/v1/instructions/other").statusCode());
  }

  /** One feedback record that waits for its interaction. */
  private static final class WaitingFeedback implements RecordStates {

    @Override
    public Optional<FeedbackStatus> feedback(String id) {
      return id.equals("f 1")
          ? Optional.of(new FeedbackStatus("f 1", "r1", JoinStatus.WAITING, NOW, NOW))
          : Optional.empty();
    }

    @Override
    public Optional<VoiceStatus> voices(String topic, String recordId) {
      return Optional.empty();
    }
  }

  private interface Call {
    HttpResponse<String> send() throws Exception;
  }

  private static HttpResponse<String> unchecked(Call call) {
    try {
      return call.send();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
