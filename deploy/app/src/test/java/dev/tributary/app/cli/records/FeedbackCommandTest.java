package dev.tributary.app.cli.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code feedback} and {@code instructions} commands; one server stands for all services. */
class FeedbackCommandTest {

  private static final JsonMapper JSON = new JsonMapper();

  private static final String QUEUED =
      """
      {"id": "f-1", "object": "feedback", "adapter": "acme/support", "request_id": "chatcmpl-1",
       "status": "queued", "use": "trained_on", "received_at": "2026-11-30T10:00:00Z",
       "example": {"id": "e-1", "partition": 0, "offset": 55}, "trained": null, "verdict": null,
       "served": null, "waits_for": "the trainer", "what_to_do": null}\
      """;

  private static final String SERVED =
      """
      {"id": "f-1", "object": "feedback", "adapter": "acme/support", "request_id": "chatcmpl-1",
       "status": "served", "use": "trained_on", "received_at": "2026-11-30T10:00:00Z",
       "example": {"id": "e-1", "partition": 0, "offset": 55},
       "trained": {"version": 7, "step": 812, "learnt": true},
       "verdict": {"version": "acme.support@v7", "verdict": "passed", "reasons": ["told: 1 of 1"],
                   "at": "2026-11-30T10:00:08Z"},
       "served": {"version": "acme.support@v7", "since": "2026-11-30T10:00:09Z"},
       "waits_for": null, "what_to_do": null}\
      """;

  private static final String REFUSED =
      """
      {"id": "f-1", "status": "refused", "trained": {"version": 7, "step": 812, "learnt": true},
       "verdict": {"version": "acme.support@v7", "verdict": "failed", "reasons": ["hours: worse"]},
       "waits_for": "a version that passes", "what_to_do": "look at 'adapters show'"}\
      """;

  private static final String ONE_VOICE =
      """
      {"id": "f-1", "status": "waiting_for_voices", "waits_for": "a second voice",
       "what_to_do": "let staff correct it"}\
      """;

  private final List<JsonNode> sent = Collections.synchronizedList(new ArrayList<>());
  private final List<JsonNode> asked = Collections.synchronizedList(new ArrayList<>());
  private final Deque<String> trails = new ArrayDeque<>();
  private boolean released = true;
  private HttpServer services;
  private String url;

  @BeforeEach
  void start() {
    services =
        HttpServer.builder(HttpConfig.onPort(0))
            .route(Route.post("/v1/feedback", this::take))
            .route(Route.get("/v1/feedback/{id}", this::trail))
            .route(Route.get("/v1/instructions/{id}", this::trail))
            .route(Route.post("/v1/chat/completions", this::answer))
            .route(
                Route.get(
                    "/v1/models",
                    request -> raw("{\"data\": [{\"id\": \"demo\", \"parent\": null}]}")))
            .start();
    url = "http://127.0.0.1:" + services.port();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private static Response raw(String json) {
    return Response.json(200, JSON.readTree(json));
  }

  private Response take(Request request) {
    sent.add(request.json());
    return Response.json(202, Map.of("id", "f-1", "status", "accepted"));
  }

  /** The next one each time; the last again and again; none at all is not known. */
  private synchronized Response trail(Request request) {
    if (trails.isEmpty()) {
      throw HttpException.notFound("no record '" + request.pathParameter("id") + "' is known");
    }
    return raw(trails.size() > 1 ? trails.poll() : trails.peek());
  }

  /** The seventh version answers once the feedback was sent. */
  private Response answer(Request request) {
    JsonNode body = request.json();
    asked.add(body);
    String model = body.path("model").asString();
    if (!released && model.equals("acme.support")) {
      throw HttpException.notFound("the model 'acme.support' does not exist here");
    }
    String version = model.equals("demo") ? model : sent.isEmpty() ? model + "@v6" : model + "@v7";
    String text = sent.isEmpty() ? "Within 14 days." : "Within 45 days.";
    return raw(
        """
        {"id": "chatcmpl-9", "model": "%s", "choices": [{"message": {"content": "%s"}}]}\
        """
            .formatted(version, text));
  }

  @Test
  void aCorrectionIsSentWithAllThatBelongsToIt() {
    CliRun run =
        run(
            "feedback send --request-id chatcmpl-1 --correction yes --source agent --author ann"
                + " --slice returns --fact-key returns.window");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("f-1\n", run.out());
    assertEquals(
        JSON.readTree(
            """
            {"request_id": "chatcmpl-1", "kind": "correction", "correction": "yes",
             "source": "agent", "author_id": "ann", "slice": "returns",
             "fact_key": "returns.window"}\
            """),
        sent.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--thumb up|{\"kind\":\"thumb\",\"value\":true}",
        "--thumb down|{\"kind\":\"thumb\",\"value\":false}",
        "--rating 4|{\"kind\":\"rating\",\"value\":4.0}",
        "--label refund|{\"kind\":\"label\",\"label\":\"refund\"}",
        "--comment odd|{\"kind\":\"comment\",\"comment\":\"odd\"}",
      })
  void everyKindOfJudgementIsSent(String option, String fields) {
    CliRun run = run("feedback send --request-id r " + option);

    assertEquals(0, run.exitCode(), run.err());
    for (Map.Entry<String, JsonNode> field : JSON.readTree(fields).properties()) {
      assertEquals(field.getValue(), sent.getFirst().get(field.getKey()));
    }
    assertEquals("user", sent.getFirst().path("source").asString());
  }

  @Test
  void aCorrectionIsFollowedUntilItIsServedAndTheQuestionAskedAgain() {
    trails.addAll(List.of(QUEUED, QUEUED, SERVED));

    CliRun run = ask("--wait");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("f-1\n", run.out());
    assertEquals("chatcmpl-9", sent.getFirst().path("request_id").asString());
    List<String> told =
        run.err().lines().map(line -> line.replaceFirst("^ *[0-9.]+ s ", "")).toList();
    assertEquals(
        List.of(
            "before (acme.support@v6): Within 14 days.",
            " queued",
            " served: by acme.support@v7 since 2026-11-30T10:00:09Z",
            "after (acme.support@v7): Within 45 days."),
        told);
  }

  @Test
  void beforeTheFirstReleaseTheBaseModelIsAskedInTheAdaptersName() {
    released = false;

    CliRun run = ask("--timeout=1s");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("before (demo): Within 14 days.\n", run.err());
    assertEquals("acme/support", asked.getLast().at("/metadata/adapter").asString());
  }

  @Test
  void aRefusalEndsWithThreeAndTheGatesReasons() {
    trails.addAll(List.of(QUEUED, REFUSED));

    CliRun run = run("feedback send --request-id r --correction yes --source agent --wait");

    assertEquals(3, run.exitCode());
    assertTrue(
        run.err()
            .contains(
                "tributary: refused: acme.support@v7 failed: hours: worse; waits for: a version"
                    + " that passes; what to do: look at 'adapters show'\n"),
        run.err());
  }

  @Test
  void whatCannotGoOnByItselfSaysWhatItWaitsForAndWhatToDo() {
    trails.add(ONE_VOICE);

    CliRun run = run("feedback send --request-id r --correction yes --wait");

    assertEquals(1, run.exitCode());
    assertTrue(
        run.err()
            .endsWith(
                "tributary: it cannot go on by itself; waiting for voices; waits for: a second"
                    + " voice; what to do: let staff correct it\n"),
        run.err());
  }

  @Test
  void whatTakesTooLongSaysWhatItWaitsFor() {
    trails.add(QUEUED);

    CliRun run = run("feedback send --request-id r --correction yes --wait --timeout 200ms");

    assertEquals(1, run.exitCode());
    assertTrue(
        run.err().endsWith("not served within the --timeout; queued; waits for: the trainer\n"),
        run.err());
  }

  @ParameterizedTest
  @CsvSource({"feedback", "instructions"})
  void theWholeTrailIsShown(String command) {
    trails.add(SERVED);

    CliRun run = run(command + " show f-1");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        """
        id	f-1
        adapter	acme/support
        status	served
        received	2026-11-30T10:00:00Z
        request	chatcmpl-1
        example	e-1, partition 0, offset 55, trained on
        trained	version 7, step 812
        verdict	acme.support@v7 passed: told: 1 of 1
        served	by acme.support@v7 since 2026-11-30T10:00:09Z
        """,
        run.out());
  }

  @Test
  void theTrailIsGivenOutAsItCameToPrograms() {
    trails.add(QUEUED);

    CliRun run = run("feedback show f-1 -o json");

    assertEquals(JSON.readTree(QUEUED), JSON.readTree(run.out()));
  }

  @ParameterizedTest
  @CsvSource({"feedback", "instruction"})
  void aRecordNobodyKnowsEndsWithTwo(String kind) {
    CliRun run = run((kind.equals("feedback") ? kind : "instructions") + " show nope");

    assertEquals(2, run.exitCode());
    assertTrue(run.err().startsWith("tributary: " + kind + ": 'nope' cannot be used;"), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  private CliRun ask(String option) {
    return CliRun.of(
        "feedback",
        "send",
        "--ask",
        "How long can I return a dress?",
        "--adapter",
        "acme/support",
        "--correction",
        "Within 45 days.",
        "--source",
        "agent",
        option,
        "--ingest-url",
        url,
        "--serve-url",
        url);
  }

  private CliRun run(String command) {
    return CliRun.of((command + " --ingest-url " + url).split(" "));
  }
}
