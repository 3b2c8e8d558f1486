package dev.tributary.app.cli.adapters;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The {@code adapters} commands against an HTTP server that answers as the evaluator does. */
class AdaptersCommandTest {

  private final List<JsonNode> commands = Collections.synchronizedList(new ArrayList<>());
  private HttpServer evaluator;
  private String url;

  @BeforeEach
  void start() {
    evaluator =
        HttpServer.builder(HttpConfig.onPort(0))
            .route(Route.get("/v1/adapters", this::list))
            .route(Route.get("/v1/adapters/{id}", request -> show()))
            .route(Route.post("/v1/adapters/{id}/promote", this::promote))
            .route(Route.post("/v1/adapters/{id}/rollback", this::rollback))
            .route(Route.post("/v1/adapters/{id}/pause", request -> order(request, "pause")))
            .route(Route.post("/v1/adapters/{id}/resume", request -> order(request, "resume")))
            .start();
    url = "http://127.0.0.1:" + evaluator.port();
  }

  @AfterEach
  void stop() {
    evaluator.close();
  }

  /** Two pages of one adapter each. */
  private Response list(Request request) {
    boolean first = request.query("after").isEmpty();
    String name = first ? "acme.faq" : "acme.support";
    Map<String, Object> item =
        Map.of(
            "adapter",
            name.replace('.', '/'),
            "active",
            name + "@v2",
            "newest",
            Map.of("id", name + "@v3", "verdict", "failed", "reasons", List.of("hours: worse")),
            "versions",
            3);
    return Response.json(200, Map.of("data", List.of(item), "has_more", first, "last_id", name));
  }

  private static Response show() {
    return Response.json(
        200,
        new JsonMapper()
            .readTree(
                """
                {"versions": [
                  {"id": "acme.support@v3", "version": 3, "state": "refused", "verdict": "failed",
                   "new_examples": 40, "event_time": "2026-11-30T10:00:00Z", "reasons": ["worse"],
                   "slices": [
                     {"slice": "returns", "role": "fresh", "evidence": "told", "records": 12,
                      "delta": -1.5, "answers": 8, "answers_gained": 7, "answers_lost": 0,
                      "passed": true},
                     {"slice": "hours", "role": "retained", "evidence": "held_out", "records": 30,
                      "delta": 0.25, "answers": 8, "answers_gained": 0, "answers_lost": 2,
                      "passed": false}],
                   "told": [{"record_id": "r-1", "question": "How long?", "wanted": "45 days",
                             "before": "14 days", "after": "45 days"}],
                   "not_learnt": ["r-8", "r-9"]},
                  {"id": "acme.support@v2", "version": 2, "state": "active", "verdict": "passed",
                   "new_examples": 8}]}\
                """));
  }

  private Response promote(Request request) {
    commands.add(new JsonMapper().readTree(request.body()));
    if (!commands.getLast().has("force")) {
      throw HttpException.conflict("refused_by_gate", "version 3 failed the gate: hours: worse");
    }
    return Response.json(200, Map.of("message", "version 3 answers now"));
  }

  private Response rollback(Request request) {
    commands.add(new JsonMapper().readTree(request.body()));
    throw HttpException.conflict("unusable_version", "there is no earlier version");
  }

  private Response order(Request request, String command) {
    commands.add(new JsonMapper().readTree(request.body()));
    String message = command + " of " + request.pathParameter("id") + " is recorded";
    return Response.json(202, Map.of("status", "recorded", "message", message));
  }

  @Test
  void allPagesAreListed() {
    CliRun run = run("list");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(
        "acme/faq\tacme.faq@v2\tacme.faq@v3\tfailed\t3\n"
            + "acme/support\tacme.support@v2\tacme.support@v3\tfailed\t3\n",
        run.out());
  }

  @Test
  void versionsAreShownWithTheirVerdicts() {
    CliRun run = run("show", "acme/support");

    assertEquals(0, run.exitCode(), run.err());
    assertTrue(run.out().startsWith("acme.support@v3\trefused\tfailed\t40\t"), run.out());
  }

  @Test
  void theNewestVersionIsShownWithItsEvidenceAndAnswers() {
    CliRun run = run("show", "acme/support");

    assertEquals(
        """

        returns	fresh	told	12	-1.5000	8	7	0	true
        hours	retained	held_out	30	0.2500	8	0	2	false

        How long?	45 days	14 days	45 days

        r-8
        r-9
        """,
        run.out().substring(run.out().indexOf("\n\n") + 1));
  }

  @Test
  void anotherVersionIsShownInItsPlace() {
    CliRun known = run("show", "acme/support", "2");
    CliRun unknown = run("show", "acme/support", "9");

    assertEquals(0, known.exitCode(), known.err());
    assertEquals(2, known.out().lines().count(), known.out());
    assertEquals(2, unknown.exitCode());
    assertTrue(unknown.err().contains("VERSION: '9' cannot be used"), unknown.err());
  }

  @Test
  void promotingWhatTheGateRefusedEndsWithThree() {
    CliRun run = run("promote", "acme.support", "3", "--reason", "try", "--actor", "ann");

    assertEquals(3, run.exitCode());
    assertEquals("tributary: version 3 failed the gate: hours: worse\n", run.err());
    assertEquals(
        "{\"version\":3,\"reason\":\"try\",\"actor\":\"ann\"}", commands.getLast().toString());
  }

  @Test
  void forceIsSentAndTheOutcomeTold() {
    CliRun run = run("promote", "acme/support", "3", "--reason", "try", "--force");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals("version 3 answers now\n", run.err());
    assertTrue(commands.getLast().path("force").booleanValue());
  }

  @Test
  void aConflictThatIsNotTheGatesEndsWithTwo() {
    CliRun run = run("rollback", "acme/support", "--reason", "wrong prices");

    assertEquals(2, run.exitCode());
    assertEquals("tributary: there is no earlier version\n", run.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"pause", "resume"})
  void ordersToTheTrainerAreHandedIn(String command) {
    CliRun run = run(command, "acme/support", "--reason", "odd import", "--actor", "ann");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(command + " of acme.support is recorded\n", run.err());
    assertEquals("{\"reason\":\"odd import\",\"actor\":\"ann\"}", commands.getLast().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rollback", "pause", "resume"})
  void aReasonIsRequired(String command) {
    CliRun run = run(command, "acme/support");

    assertEquals(2, run.exitCode());
    assertTrue(run.err().contains("--reason"), run.err());
  }

  @Test
  void anEvaluatorThatIsNotThereIsNamed() {
    evaluator.close();

    CliRun run = run("list");

    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains(url + " cannot be reached"), run.err());
  }

  private CliRun run(String... words) {
    List<String> arguments = new ArrayList<>(List.of("adapters"));
    arguments.addAll(Arrays.asList(words));
    arguments.add("--evaluator-url=" + url);
    return CliRun.of(arguments.toArray(String[]::new));
  }
}
