package dev.tributary.app.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.app.cli.CliRun;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code import} against an HTTP server in the gateway's place. */
class ImportCommandTest {

  private static final Function<List<String>, Response> ACCEPT =
      lines -> Response.json(202, Map.of("accepted", lines.size()));

  @TempDir Path directory;

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile Function<String, String> statusOf = id -> "served";
  private volatile Function<List<String>, Response> answer = ACCEPT;
  private HttpServer gateway;
  private String url;

  @BeforeEach
  void start() {
    gateway =
        HttpServer.builder(HttpConfig.onPort(0))
            .route(
                Route.post("/v1/instructions", this::take)
                    .accepting("application/x-ndjson")
                    .maxBody(16 << 20))
            .route(Route.get("/v1/instructions/{id}", this::trail))
            .route(Route.get("/v1/adapters/{id}", request -> adapter()))
            .start();
    url = "http://127.0.0.1:" + gateway.port();
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Response take(Request request) {
    List<String> lines = new String(request.body(), StandardCharsets.UTF_8).lines().toList();
    Response response = answer.apply(lines);
    received.addAll(lines);
    return response;
  }

  private Response trail(Request request) {
    asked.add(request.pathParameter("id"));
    String status = statusOf.apply(request.pathParameter("id"));
    Map<String, Object> body = new HashMap<>();
    body.put("id", request.pathParameter("id"));
    body.put("status", status);
    if (status.equals("served")) {
      body.put("served", Map.of("version", "acme.support@v2", "since", "2026-11-30T10:00:00Z"));
    }
    if (status.equals("refused")) {
      body.put(
          "verdict",
          Map.of(
              "version", "acme.support@v2", "verdict", "failed", "reasons", List.of("q: worse")));
    }
    return Response.json(200, body);
  }

  private static Response adapter() {
    List<Map<String, String>> told =
        List.of(told("q0", "x", "c0"), told("q1", "c1", "c1"), told("q2", "y", "c2"));
    return Response.json(
        200,
        Map.of(
            "versions",
            List.of(
                Map.of("id", "acme.support@v2", "told", told),
                Map.of("id", "acme.support@v1", "told", List.of(told("old", "a", "b"))))));
  }

  private static Map<String, String> told(String question, String before, String after) {
    return Map.of("question", question, "wanted", after, "before", before, "after", after);
  }

  @Test
  void recordsAreFollowedUntilTheyAreServedAndChangedAnswersPrinted() throws Exception {
    Map<String, Integer> looks = new ConcurrentHashMap<>();
    statusOf = id -> looks.merge(id, 1, Integer::sum) == 1 ? "queued" : "served";

    CliRun run = run(records(1_234), "--wait");

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(50, asked.stream().distinct().count());
    JsonNode last = new JsonMapper().readTree(received.getLast());
    assertTrue(asked.contains(last.path("id").asString()), "the last record is followed");
    assertTrue(run.err().contains("followed 50 of 1234 records: served=50"), run.err());
    assertTrue(run.err().contains("served by acme.support@v2\n"), run.err());
    assertEquals("q0\tc0\tx\tc0\nq2\tc2\ty\tc2\n", run.out());
  }

  @Test
  void aFinishedImportCanBeFollowedOnceMore() throws Exception {
    Path file = records(3);
    run(file);

    CliRun again = run(file, "--wait");

    assertEquals(0, again.exitCode(), again.err());
    assertEquals(
        received.stream()
            .map(line -> new JsonMapper().readTree(line).path("id").asString())
            .toList(),
        asked);
  }

  @Test
  void aRecordsOwnIdIsKept() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("f.jsonl"), "{\"id\":\"faq-1\",\"text\":\"q\",\"category\":\"c\"}\n");

    run(file, "--wait");

    assertEquals(List.of("faq-1"), asked);
  }

  @Test
  void aRefusalEndsWithThree() throws Exception {
    statusOf = id -> "refused";

    CliRun run = run(records(3), "--wait");

    assertEquals(3, run.exitCode());
    assertTrue(run.err().contains("followed 3 of 3 records: refused=3"), run.err());
    assertTrue(run.err().contains("refused: acme.support@v2 failed: q: worse"), run.err());
  }

  @Test
  void whatTakesTooLongEndsWithOneAndWhatItWaitsFor() throws Exception {
    statusOf = id -> "trained";

    CliRun run = run(records(3), "--wait", "--timeout=200ms");

    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("not at rest within the --timeout: trained=3"), run.err());
  }

  @Test
  void recordsTheGatewayRefusedAreNotFollowed() throws Exception {
    answer =
        lines ->
            Response.json(
                207, Map.of("errors", List.of(Map.of("line", 2, "detail", "output: is blank"))));

    CliRun run = run(records(3), "--wait");

    assertEquals(1, run.exitCode());
    assertEquals(2, asked.size());
    assertTrue(run.err().contains("followed 2 of 3 records: served=2"), run.err());
  }

  @Test
  void everyRecordIsSentOnceWithItsAdapter() throws Exception {
    // given more than one batch
    Path file = records(1_234);

    // when
    CliRun run = run(file);

    // then
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(1_234, received.size());
    JsonNode first = new JsonMapper().readTree(received.getFirst());
    assertEquals(
        List.of("q0", "c0", "acme/support"),
        List.of(
            first.path("instruction").asString(),
            first.path("output").asString(),
            first.path("adapter").asString()));
    assertTrue(first.path("id").asString().matches("[0-9a-f]{32}"), received.getFirst());
    assertEquals(1_234, received.stream().distinct().count());
    assertTrue(
        run.err().contains("acme/support: 1234 records sent, 0 sent before, 0 refused"), run.err());
  }

  @Test
  void aRunThatWasCutOffGoesOnAfterTheLastAcknowledgedBatch() throws Exception {
    // given a gateway that fails in the second batch
    Path file = records(1_234);
    answer =
        lines -> {
          if (!received.isEmpty()) {
            throw new HttpException(500, "broken", "no more");
          }
          return ACCEPT.apply(lines);
        };
    CliRun cut = run(file);
    received.clear();
    answer = ACCEPT;

    // when
    CliRun rest = run(file);

    // then
    assertEquals(1, cut.exitCode());
    assertTrue(cut.err().contains("lines 502 to 1001"), cut.err());
    assertEquals(0, rest.exitCode(), rest.err());
    assertEquals(734, received.size());
    assertTrue(received.getFirst().contains("q500"), received.getFirst());
    assertTrue(rest.err().contains("734 records sent, 500 sent before"), rest.err());
  }

  @Test
  void whatWasAppendedIsSentAndAChangedBeginningRefused() throws Exception {
    // given
    Path file = records(2);
    run(file);
    received.clear();

    // when
    Files.writeString(file, Files.readString(file) + "q2,c2\n");
    CliRun appended = run(file);
    Files.writeString(file, "text,category\nother,c0\nq1,c1\nq2,c2\nq3,c3\n");
    CliRun changed = run(file);

    // then
    assertEquals(0, appended.exitCode(), appended.err());
    assertEquals(1, received.size());
    assertEquals(2, changed.exitCode());
    assertTrue(
        changed.err().contains("the records sent before have changed; delete"), changed.err());
  }

  @Test
  void halfALastLineIsNamedAndNothingIsSent() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("f.jsonl"), "{\"text\":\"q\",\"category\":\"c\"}\n{\"text\":\"q");

    CliRun run = run(file);

    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("line 2 is cut off"), run.err());
    assertEquals(List.of(), received);
  }

  @Test
  void refusedRecordsAreNamedByTheirLineInTheFile() throws Exception {
    Path file = records(3);
    answer =
        lines ->
            Response.json(
                207,
                Map.of(
                    "accepted",
                    2,
                    "errors",
                    List.of(Map.of("line", 2, "detail", "output: is blank"))));

    CliRun run = run(file);

    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains("line 3 refused: output: is blank"), run.err());
    assertTrue(run.err().contains("2 records sent, 0 sent before, 1 refused"), run.err());
  }

  @Test
  void aBusyGatewayIsAskedAgain() throws Exception {
    List<Integer> attempts = Collections.synchronizedList(new ArrayList<>());
    answer =
        lines -> {
          attempts.add(lines.size());
          if (attempts.size() == 1) {
            throw HttpException.tooManyRequests("too many records in flight", Duration.ZERO);
          }
          return ACCEPT.apply(lines);
        };

    CliRun run = run(records(3));

    assertEquals(0, run.exitCode(), run.err());
    assertEquals(List.of(3, 3), attempts);
  }

  @Test
  void aGatewayThatIsNotThereIsNamed() throws Exception {
    gateway.close();

    CliRun run = run(records(1));

    assertEquals(1, run.exitCode());
    assertTrue(run.err().contains(url + " cannot be reached"), run.err());
  }

  private Path records(int count) throws Exception {
    String rows =
        IntStream.range(0, count)
            .mapToObj(i -> "q%d,c%d\n".formatted(i, i))
            .collect(Collectors.joining());
    return Files.writeString(directory.resolve("f.csv"), "text,category\n" + rows);
  }

  private CliRun run(Path file, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "import",
                file.toString(),
                "--adapter=acme/support",
                "--ingest-url=" + url,
                "--evaluator-url=" + url));
    arguments.addAll(List.of(options));
    return CliRun.of(arguments.toArray(String[]::new));
  }
}
