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
    Map<String, Object> version =
        Map.of(
            "id", "acme.support@v3", "state", "refused", "verdict", "failed", "new_examples", 40);
    return Response.json(200, Map.of("versions", List.of(version)));
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
