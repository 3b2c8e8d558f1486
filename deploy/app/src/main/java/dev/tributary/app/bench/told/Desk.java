package dev.tributary.app.bench.told;

import dev.tributary.app.demo.Loop;
import dev.tributary.app.http.Endpoints;
import dev.tributary.app.http.Reply;
import dev.tributary.app.http.ServiceHttp;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One adapter as its people reach it over HTTP: staff tell and correct, customers ask. Thread-safe.
 */
final class Desk implements AutoCloseable {

  /** As many answers as the server makes at once. */
  private static final int AT_ONCE = 16;

  private static final String JSON = "application/json";
  private static final int MOST_ANSWER_TOKENS = 128;
  private static final int ATTEMPTS = 300;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final TributaryClient client;
  private final ServiceHttp serve;
  private final ServiceHttp ingest;
  private final AdapterId adapter;
  private final Loop loop;
  private final String base;
  private final AtomicInteger records = new AtomicInteger();
  private final ExecutorService customers =
      Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());

  Desk(Endpoints endpoints, AdapterId adapter) {
    this.client = new TributaryClient(endpoints);
    this.serve = new ServiceHttp(endpoints.serve());
    this.ingest = new ServiceHttp(endpoints.ingest());
    this.adapter = adapter;
    this.loop = new Loop(client, adapter, System::nanoTime);
    this.base = serve.get("/v1/models").body().at("/data/0/id").asString();
  }

  /** Where the adapter stands. */
  Loop loop() {
    return loop;
  }

  /** Sends what is to be learnt; returns when the broker has it all. */
  void tell(List<Line> lines) {
    client.sendInstructions(
        lines.stream()
            .map(
                line ->
                    client
                        .object()
                        .put("adapter", adapter.toString())
                        .put("instruction", line.question())
                        .put("output", line.answer()))
            .toList());
  }

  /** Asks whatever answers for the adapter now: a version of it, or the base model. */
  Answer ask(String question) {
    Reply reply = post(request(adapter.dotted(), question));
    // An adapter nobody released has no name yet; a customer then asks the base on its behalf.
    return answer(reply.status() == 404 ? post(forAdapter(question)) : reply);
  }

  /**
   * Whether customers are answered by this version: the server follows the registry, a moment
   * later.
   */
  boolean isAnsweredBy(int version, String question) {
    return ask(question).model().endsWith("@v" + version);
  }

  /** Asks all of them, some at once; the answers stripped, in the order of the questions. */
  List<String> askAll(List<String> questions) {
    return all(questions, question -> ask(question).text().strip());
  }

  /** The same of the base model alone. */
  List<String> askBase(List<String> questions) {
    return all(questions, question -> answer(post(request(base, question))).text().strip());
  }

  /** How many of them are answered exactly. */
  Share share(List<Line> lines) {
    List<String> answers = askAll(lines.stream().map(Line::question).toList());
    int right =
        (int)
            IntStream.range(0, lines.size())
                .filter(i -> answers.get(i).equals(lines.get(i).answer()))
                .count();
    return new Share(right, lines.size());
  }

  /** A correction, as it is sent. */
  ObjectNode correction(String requestId, String text, String source, String author) {
    return feedback(requestId, source, author).put("kind", "correction").put("correction", text);
  }

  /** A thumb down of a customer, as it is sent. */
  ObjectNode thumbDown(String requestId, String author) {
    return feedback(requestId, "user", author).put("kind", "thumb").put("value", -1);
  }

  /** Sends feedback; returns when the broker has it all. */
  void send(List<ObjectNode> feedback) {
    client.sendFeedback(feedback);
  }

  /** What became of a feedback record; without a status if nobody knows it. */
  JsonNode trail(ObjectNode feedback) {
    return ingest.get("/v1/feedback/" + feedback.path("id").asString()).body();
  }

  /** Every candidate so far, the oldest first. */
  List<Version> versions() {
    List<Version> versions = new ArrayList<>();
    for (JsonNode version :
        client.registry(adapter.dotted()).orElseGet(client::object).path("versions")) {
      List<String> reasons = new ArrayList<>();
      version.path("reasons").forEach(reason -> reasons.add(reason.asString()));
      versions.add(
          new Version(
              version.path("id").asString(),
              version.path("verdict").asString(),
              version.path("state").asString(),
              version.path("step").asLong(),
              reasons));
    }
    return versions.reversed();
  }

  private ObjectNode feedback(String requestId, String source, String author) {
    return client
        .object()
        .put("id", adapter.dotted() + "-" + records.incrementAndGet())
        .put("request_id", requestId)
        .put("source", source)
        .put("author_id", author);
  }

  private ObjectNode request(String model, String question) {
    ObjectNode request =
        client
            .object()
            .put("model", model)
            .put("temperature", 0)
            .put("max_tokens", MOST_ANSWER_TOKENS);
    request.putArray("messages").addObject().put("role", "user").put("content", question);
    return request;
  }

  private ObjectNode forAdapter(String question) {
    ObjectNode request = request(base, question);
    request.putObject("metadata").put("adapter", adapter.toString());
    return request;
  }

  /** Waits where the server asks to: while it loads a version, or has enough to do. */
  private Reply post(ObjectNode request) {
    Reply reply = serve.post("/v1/chat/completions", JSON, request.toString());
    for (int i = 0; i < ATTEMPTS && (reply.status() == 429 || reply.status() == 503); i++) {
      Waiting.sleep(PAUSE);
      reply = serve.post("/v1/chat/completions", JSON, request.toString());
    }
    return reply;
  }

  private static Answer answer(Reply reply) {
    if (!reply.isSuccess()) {
      throw new IllegalStateException("no answer: " + reply.complaint());
    }
    JsonNode body = reply.body();
    return new Answer(
        body.path("id").asString(),
        body.path("model").asString(),
        body.at("/choices/0/message/content").asString());
  }

  private interface Asking {
    String ask(String question);
  }

  private List<String> all(List<String> questions, Asking asking) {
    List<Future<String>> asked =
        questions.stream().map(question -> customers.submit(() -> asking.ask(question))).toList();
    return asked.stream().map(Desk::result).toList();
  }

  private static String result(Future<String> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    }
  }

  @Override
  public void close() {
    customers.close();
    client.close();
    serve.close();
    ingest.close();
  }
}
