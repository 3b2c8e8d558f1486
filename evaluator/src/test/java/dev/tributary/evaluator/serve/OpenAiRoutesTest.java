package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.format.huggingface.GenerationDefaults;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.evaluator.serve.api.AnswerHeads;
import dev.tributary.evaluator.serve.api.AnswerLog;
import dev.tributary.evaluator.serve.api.OpenAiRoutes;
import dev.tributary.evaluator.serve.generate.Scheduler;
import dev.tributary.evaluator.serve.generate.Schedulers;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.evaluator.serve.model.ModelCatalogue;
import dev.tributary.evaluator.serve.model.VersionCache;
import dev.tributary.evaluator.serve.record.FullBufferPolicy;
import dev.tributary.evaluator.serve.record.InteractionRecorder;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The routes over HTTP, with a real tiny model and no broker. */
@Timeout(60)
class OpenAiRoutesTest {

  private static final String MESSAGES =
      "'messages':[{'role':'user','content':'Where is the shop?'}]";
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_700_000_000L), ZoneOffset.UTC);

  @TempDir static Path directory;
  private static BaseModel base;
  private static Tokenizer tokenizer;
  private static ExampleEncoder encoder;

  private final CloseStack parts = new CloseStack();
  private final MockProducer<String, Interaction> producer =
      new MockProducer<>(
          false,
          null,
          new StringSerializer(),
          Contracts.serializer(Interaction.class, new LocalSchemaRegistry()));

  @BeforeAll
  static void load() {
    base = BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
    tokenizer = Tokenizer.load(base.directory());
    encoder =
        new ExampleEncoder(
            tokenizer, ChatTemplate.load(base.directory()), base.config().contextLength());
  }

  @AfterEach
  void stop() {
    parts.close();
  }

  private ServeClient start() {
    return start(Scheduler.over(base, tokenizer, 1, 3, 4), 100, FullBufferPolicy.ANSWER);
  }

  private ServeClient start(Scheduler scheduler, int recordCapacity, FullBufferPolicy policy) {
    return start(scheduler, recordCapacity, policy, Duration.ofSeconds(20));
  }

  private ServeClient start(
      Scheduler scheduler, int recordCapacity, FullBufferPolicy policy, Duration answerLimit) {
    ServiceMetrics meters = parts.push(new ServiceMetrics());
    ServeMetrics metrics = new ServeMetrics(meters.registry(), CLOCK);
    InteractionRecorder recorder =
        parts.push(new InteractionRecorder(producer, "interactions", recordCapacity, metrics));
    parts.push(scheduler);
    metrics.load(scheduler::waiting, scheduler::inFlight);
    ModelCatalogue catalogue =
        new ModelCatalogue(
            base.name(),
            CLOCK.instant(),
            new Registry(),
            Set.of(),
            new VersionCache(
                line -> {
                  throw new IllegalStateException("there are no versions here");
                },
                1));
    catalogue.caughtUp();
    OpenAiRoutes routes =
        new OpenAiRoutes(
            catalogue,
            scheduler,
            new AnswerHeads(CLOCK, new Random(1)),
            new AnswerLog(recorder, policy, metrics, CLOCK),
            metrics,
            answerLimit);
    HttpServer server =
        parts.push(
            HttpServer.builder(HttpConfig.onPort(0))
                .routes(routes.routes(tokenizer, encoder, GenerationDefaults.GREEDY))
                .route(meters.route())
                .start());
    return new ServeClient(server.port());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':1000000000|n",
        "'max_tokens':-1|max_tokens",
        "'temperature':'x'|temperature",
        "'logprobs':1000000|logprobs",
        "'logprobs':true|logprobs",
        "'stop':''|stop",
        "'stream_options':{'include_usage':true}|stream_options",
        "'tools':[{}]|tools",
        "'top_k':5|top_k",
        "'metadata':{'adapter':'../x'}|metadata.adapter",
        "'metadata':{'adapter':'a/b/c'}|metadata.adapter",
        "'metadata':{'a':1}|metadata",
        "'user':7|user",
      })
  void refusesBadParametersNamingThem(String member, String parameter) {
    JsonNode error =
        start()
            .refused(
                400,
                "/v1/chat/completions",
                json("{'model':'tiny'," + MESSAGES + "," + member + "}"));

    assertEquals(parameter, error.path("param").asString());
    assertEquals("invalid_request_error", error.path("type").asString());
  }

  @Test
  void refusesTenThousandStops() {
    String stops = "'a',".repeat(9_999) + "'a'";

    JsonNode error =
        start()
            .refused(
                400,
                "/v1/completions",
                json("{'model':'tiny','prompt':'x','stop':[" + stops + "]}"));

    assertEquals("stop", error.path("param").asString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{|invalid_json", "[]|invalid_value", "{}|missing_required_parameter"})
  void refusesBodiesItCannotRead(String body, String code) {
    JsonNode error = start().refused(400, "/v1/chat/completions", body);

    assertEquals(code, error.path("code").asString());
  }

  @Test
  void refusesMorePromptsTimesChoicesThanItMakes() {
    JsonNode error =
        start()
            .refused(400, "/v1/completions", json("{'model':'tiny','prompt':['a','b','c'],'n':3}"));

    assertEquals("n", error.path("param").asString());
  }

  @Test
  void refusesAModelThatDoesNotExist() {
    ServeClient client = start();

    for (String model : List.of("gpt-4", "no.such", "no.such@v1", "../tiny", "tiny@v1")) {
      JsonNode error =
          client.refused(
              404, "/v1/chat/completions", json("{'model':'" + model + "'," + MESSAGES + "}"));
      assertEquals("model_not_found", error.path("code").asString());
      assertEquals("model", error.path("param").asString());
    }
    assertTrue(client.metrics().contains("gen_ai_request_model=\"unknown\""));
    assertFalse(client.metrics().contains("gpt-4"), "names from outside are no metric labels");
  }

  @Test
  void refusesAPromptThatFillsTheContext() {
    ServeClient client = start();
    String fits = "'prompt':" + tokens(63);
    String fills = "'prompt':" + tokens(64);

    JsonNode answer = client.post("/v1/completions", json("{'model':'tiny'," + fits + "}"));
    JsonNode error = client.refused(400, "/v1/completions", json("{'model':'tiny'," + fills + "}"));

    assertEquals(63, answer.at("/usage/prompt_tokens").asInt());
    assertEquals("context_length_exceeded", error.path("code").asString());
    assertEquals("prompt", error.path("param").asString());
    String longChat = MESSAGES.replace("Where", "Where ".repeat(100));
    assertEquals(
        "messages",
        client
            .refused(400, "/v1/chat/completions", json("{'model':'tiny'," + longChat + "}"))
            .path("param")
            .asString());
  }

  @Test
  void repeatsADrawByItsSeedAndVariesIt() {
    ServeClient client = start();
    String body =
        "{'model':'tiny','prompt':'the shop','n':4,'max_tokens':12,'temperature':1,'seed':%d}";

    JsonNode one = client.post("/v1/completions", json(body.formatted(5)));
    JsonNode again = client.post("/v1/completions", json(body.formatted(5)));
    JsonNode other = client.post("/v1/completions", json(body.formatted(6)));

    assertEquals(one.path("choices"), again.path("choices"));
    assertFalse(one.path("choices").equals(other.path("choices")));
    assertFalse(
        one.at("/choices/0/text").equals(one.at("/choices/1/text")), "choices are drawn apart");
    assertEquals(4, one.path("choices").size());
  }

  @Test
  void cutsTheSameAnswerAtAStopWholeAndStreamed() {
    ServeClient client = start();
    String rest = "'prompt':'the shop','max_tokens':20,'temperature':0";
    String whole = text(client.post("/v1/completions", json("{'model':'tiny'," + rest + "}")));
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 3);
    String with = "{'model':'tiny'," + rest + ",'stop':" + quoted(stop);

    JsonNode cut = client.post("/v1/completions", json(with) + "}");
    String streamed =
        streamedText(client.stream("/v1/completions", json(with) + ",\"stream\":true}"));

    assertEquals(whole.substring(0, whole.indexOf(stop)), text(cut));
    assertEquals("stop", cut.at("/choices/0/finish_reason").asString());
    assertEquals(text(cut), streamed);
  }

  @Test
  void framesAStreamAsServerSentEvents() {
    String wire =
        start().stream(
            "/v1/chat/completions",
            json(
                "{'model':'tiny','stream':true,'stream_options':{'include_usage':true},'max_tokens':5,"
                    + "'n':2,'temperature':0,"
                    + MESSAGES
                    + "}"));

    List<String> events = List.of(wire.split("\n\n", -1));
    assertEquals("", events.getLast(), "the last event ends with an empty line");
    assertEquals("data: [DONE]", events.get(events.size() - 2));
    List<JsonNode> chunks = new ArrayList<>();
    for (String event : events.subList(0, events.size() - 2)) {
      assertTrue(event.startsWith("data: {"), event);
      assertFalse(event.contains("\n"), event);
      chunks.add(JsonMapper.shared().readTree(event.substring("data: ".length())));
    }
    assertEquals(1, chunks.stream().map(chunk -> chunk.path("id")).distinct().count());
    assertEquals(1, chunks.stream().map(chunk -> chunk.path("created")).distinct().count());
    JsonNode last = chunks.removeLast();
    assertTrue(last.path("choices").isEmpty());
    assertEquals(10, last.at("/usage/completion_tokens").asInt());
    for (JsonNode chunk : chunks) {
      assertTrue(chunk.has("usage") && chunk.path("usage").isNull(), chunk.toString());
    }
    for (int choice = 0; choice < 2; choice++) {
      int index = choice;
      List<JsonNode> own =
          chunks.stream().filter(chunk -> chunk.at("/choices/0/index").asInt() == index).toList();
      assertEquals("assistant", own.getFirst().at("/choices/0/delta/role").asString());
      assertTrue(own.getLast().at("/choices/0/delta").isEmpty());
      assertEquals("length", own.getLast().at("/choices/0/finish_reason").asString());
    }
  }

  @Test
  void refusesWhenTheLineIsFullAndSaysWhenToComeBack() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    Scheduler scheduler = Schedulers.talking(1, gate, new CountDownLatch(1));
    ServeClient client = start(scheduler, 10, FullBufferPolicy.ANSWER);
    String body = json("{'model':'tiny','prompt':'x','max_tokens':3}");
    CompletableFuture<Integer> first = client.status("/v1/completions", body);
    Awaitility.await().until(() -> scheduler.inFlight() == 1);
    CompletableFuture<Integer> second = client.status("/v1/completions", body);
    Awaitility.await().until(() -> scheduler.waiting() == 1);

    client.refused(429, "/v1/completions", body);
    assertTrue(client.metrics().contains("tributary_serve_queue_requests 1"));

    gate.countDown();
    assertEquals(200, first.get());
    assertEquals(200, second.get());
  }

  @Test
  void stopsTheWorkOfAStreamWhoseClientIsGone() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    Scheduler scheduler = Schedulers.talking(1, new CountDownLatch(0), stopped);
    ServeClient client = start(scheduler, 10, FullBufferPolicy.ANSWER);
    String body = json("{'model':'tiny','prompt':'x','max_tokens':2000000000,'stream':true}");

    try (Socket socket = new Socket("127.0.0.1", client.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                  + "Content-Length: %d\r\n\r\n%s")
              .formatted(body.length(), body)
              .getBytes(StandardCharsets.US_ASCII));
      out.flush();
      assertTrue(socket.getInputStream().read(new byte[64]) > 0);
    }

    assertTrue(stopped.await(20, TimeUnit.SECONDS), "the generator still talks to nobody");
    Awaitility.await().until(() -> client.metrics().contains("error_type=\"client_gone\""));
  }

  @Test
  void endsABrokenStreamWithAnErrorThatSaysNoSecrets() {
    ServeClient client = start(Schedulers.breaking(), 10, FullBufferPolicy.ANSWER);

    String wire =
        client.stream("/v1/completions", json("{'model':'tiny','prompt':'x','stream':true}"));

    assertTrue(wire.contains("\"error\":{"), wire);
    assertFalse(wire.contains("[DONE]"), wire);
    assertFalse(wire.contains("secret"), wire);
  }

  @Test
  void refusesToAnswerUnrecordedWhereThatIsAskedFor() {
    ServeClient client =
        start(Scheduler.over(base, tokenizer, 1, 3, 4), 1, FullBufferPolicy.REFUSE);
    String body =
        json("{'model':'tiny','prompt':'x','max_tokens':2,'metadata':{'adapter':'shop/faq'}}");

    // the mock broker acknowledges nothing by itself
    client.post("/v1/completions", body);
    client.refused(503, "/v1/completions", body);

    Awaitility.await().until(() -> producer.completeNext());
    Awaitility.await()
        .until(() -> client.metrics().contains("tributary_serve_unrecorded_interactions 0"));
    client.post("/v1/completions", body);
  }

  @Test
  void recordsUnderTheAdapterOfAHeaderAndTheCallersOwnRequestId() {
    ServeClient client = start();

    String id = client.completionWithHeaders("tiny", "the shop", "shop/faq", "my-request-1");

    Awaitility.await().until(() -> producer.history().size() == 1);
    Interaction recorded = producer.history().getFirst().value();
    assertEquals(id, recorded.getRequestId());
    assertEquals("shop/faq", recorded.getAdapter());
    assertEquals(List.of("my-request-1"), recorded.getAliases());
    assertEquals(CLOCK.instant(), recorded.getEventTime());
  }

  @Test
  void givesUpOnAnAnswerThatTakesTooLongAndFreesItsWorker() throws Exception {
    CountDownLatch stopped = new CountDownLatch(1);
    Scheduler scheduler = Schedulers.talking(1, new CountDownLatch(0), stopped);
    ServeClient client = start(scheduler, 10, FullBufferPolicy.ANSWER, Duration.ofMillis(300));

    JsonNode error =
        client.refused(
            503, "/v1/completions", json("{'model':'tiny','prompt':'x','max_tokens':2000000000}"));

    assertEquals("unavailable", error.path("code").asString());
    assertTrue(stopped.await(20, TimeUnit.SECONDS), "the generator still talks to nobody");
  }

  @Test
  void countsWhatItAnswersUnrecorded() {
    ServeClient client =
        start(Scheduler.over(base, tokenizer, 1, 3, 4), 1, FullBufferPolicy.ANSWER);
    String body =
        json("{'model':'tiny','prompt':'x','max_tokens':2,'metadata':{'adapter':'shop/faq'}}");

    client.post("/v1/completions", body);
    client.post("/v1/completions", body);
    client.post("/v1/completions", json("{'model':'tiny','prompt':'x','max_tokens':2}"));

    String metrics = client.metrics();
    assertTrue(
        metrics.contains("tributary_serve_interactions_total{outcome=\"dropped\"} 1"), metrics);
    assertTrue(
        metrics.contains("tributary_serve_interactions_total{outcome=\"unattributed\"} 1"),
        metrics);
  }

  @Test
  void timesRequestsUnderOpenTelemetrysNames() {
    ServeClient client = start();
    client.post("/v1/chat/completions", json("{'model':'tiny'," + MESSAGES + ",'max_tokens':5}"));

    String metrics = client.metrics();

    String labels =
        "{error_type=\"none\",gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"tributary\","
            + "gen_ai_request_model=\"tiny\"";
    for (String timer :
        List.of("request_duration", "time_to_first_token", "time_per_output_token")) {
      assertTrue(
          metrics.contains("gen_ai_server_" + timer + "_seconds_count" + labels + "} 1"),
          () -> timer + " is missing in " + metrics);
    }
    assertTrue(metrics.contains("tributary_serve_tokens_total{kind=\"completion\"} 5"), metrics);
  }

  private static String tokens(int count) {
    return "[65" + ",65".repeat(count - 1) + "]";
  }

  private static String text(JsonNode completion) {
    return completion.at("/choices/0/text").asString();
  }

  private static String streamedText(String wire) {
    StringBuilder text = new StringBuilder();
    for (String event : wire.split("\n\n")) {
      if (!event.equals("data: [DONE]")) {
        text.append(text(JsonMapper.shared().readTree(event.substring("data: ".length()))));
      }
    }
    return text.toString();
  }

  private static String quoted(String text) {
    // JSON's own quotes; the apostrophes of the surrounding template become quotes later
    return JsonMapper.shared().writeValueAsString(text);
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
