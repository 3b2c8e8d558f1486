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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** {@code import} against an HTTP server in the gateway's place. */
class ImportCommandTest {

  private static final Function<List<String>, Response> ACCEPT =
      lines -> Response.json(202, Map.of("accepted", lines.size()));

  @TempDir Path directory;

  private final List<String> received = Collections.synchronizedList(new ArrayList<>());
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

  @Test
  void everyRecordIsSentOnceWithItsAdapter() throws Exception {
    // given more than one batch
    Path file = records(1_234);

    // when
    CliRun run = run(file);

    // then
    assertEquals(0, run.exitCode(), run.err());
    assertEquals(1_234, received.size());
    assertEquals(
        new JsonMapper()
            .readTree("{\"instruction\":\"q0\",\"output\":\"c0\",\"adapter\":\"acme/support\"}"),
        new JsonMapper().readTree(received.getFirst()));
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

  private CliRun run(Path file) {
    return CliRun.of("import", file.toString(), "--adapter", "acme/support", "--ingest-url", url);
  }
}
