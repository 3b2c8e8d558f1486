package dev.tributary.app.bench;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.ReportJson;
import dev.tributary.app.demo.Loop;
import dev.tributary.app.demo.ProgressView;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.app.records.RecordReader;
import dev.tributary.app.records.SourceRecord;
import dev.tributary.app.runtime.AllInOne;
import dev.tributary.app.runtime.Processor;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.app.runtime.TributaryConfig;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.store.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code deploy/bench/run banking}: real queries through HTTP, Kafka, trainer, gate and release.
 */
@Command(
    name = "bench-banking",
    hidden = true,
    description = "Stream BANKING77 through the whole loop and measure it.")
public final class BankingCommand implements Callable<Integer> {

  private static final AdapterId ADAPTER = new AdapterId("bank", "intents");

  /**
   * Sent at once; the next window waits for the verdict, so that every version meets new records.
   */
  private static final int WINDOW = 2_000;

  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  private final Console console;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Directory with train.csv and test.csv, headed text,category.")
  private Path data;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      required = true,
      description = "Where the tables go.")
  private Path results;

  @Option(
      names = "--test-records",
      defaultValue = "1000",
      description = "Test queries asked before and after; default ${DEFAULT-VALUE}.")
  private int testRecords;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the order; default ${DEFAULT-VALUE}.")
  private long seed;

  public BankingCommand(Console console) {
    this.console = console;
  }

  /** A customer's query and its intent in words. */
  private record Query(String text, String intent) {}

  @Override
  public Integer call() throws IOException {
    List<Query> train = read("train.csv");
    List<Query> test = read("test.csv");
    List<Query> asked = test.subList(0, Math.min(testRecords, test.size()));
    Path state = Files.createTempDirectory("tributary-banking");
    Optional<BankingReport> measured =
        Shutdown.guard(shutdown -> run(state, train, asked, shutdown));
    FileTrees.delete(state);
    if (measured.isEmpty()) {
      return ExitCode.FAILED;
    }
    BankingReport report = measured.get();
    String kind = report.instructionSets().reversed().stream().findFirst().orElse("unknown");
    Files.createDirectories(results);
    Files.writeString(results.resolve("banking-" + kind + ".json"), ReportJson.of(report) + "\n");
    Files.writeString(results.resolve("banking-" + kind + ".md"), report.markdown());
    console.out().print(report.markdown());
    return ExitCode.DONE;
  }

  private BankingReport run(Path state, List<Query> train, List<Query> asked, Shutdown shutdown) {
    TributaryConfig config =
        TributaryConfig.fromResource(BankingCommand.class, "banking.yaml", state);
    AllInOne services = AllInOne.start(config, Clock.systemUTC(), shutdown);
    services.awaitReady(START_PATIENCE);
    try (TributaryClient client = new TributaryClient(services.endpoints());
        ProgressView view = new ProgressView(client, ADAPTER, console, System::nanoTime)) {
      view.start();
      return measure(client, view, services.kernels(), train, asked);
    }
  }

  private BankingReport measure(
      TributaryClient client,
      ProgressView view,
      String kernels,
      List<Query> train,
      List<Query> asked) {
    Loop loop = new Loop(client, ADAPTER, System::nanoTime);
    double before = exactMatch(client, asked);
    long began = System.nanoTime();
    double acceptedSeconds = 0;
    double restSeconds = 0;
    for (int from = 0; from < train.size(); from += WINDOW) {
      acceptedSeconds += send(client, train.subList(from, Math.min(train.size(), from + WINDOW)));
      if (!loop.await(PATIENCE, () -> loop.newestVersion() > 0) || !loop.awaitRest(PATIENCE)) {
        throw new IllegalStateException("the loop did not come to rest within " + PATIENCE);
      }
      restSeconds += Loop.QUIET.toMillis() / 1e3;
    }
    double seconds = secondsSince(began) - restSeconds;
    double after = exactMatch(client, asked);
    Processor processor = Processor.detect();
    return new BankingReport(
        LocalDate.now(Clock.systemUTC()).toString(),
        processor.model(),
        processor.instructionSets(),
        kernels,
        train.size(),
        asked.size(),
        before,
        after,
        train.size() / acceptedSeconds,
        train.size() / seconds,
        median(view.samples().stream().map(sample -> sample.tokensPerSecond()).toList()),
        versions(client));
  }

  /** Sends a window of the stream and tells how long the broker took to acknowledge it. */
  private static double send(TributaryClient client, List<Query> window) {
    long began = System.nanoTime();
    client.sendInstructions(window.stream().map(query -> record(client, query)).toList());
    return secondsSince(began);
  }

  private static ObjectNode record(TributaryClient client, Query query) {
    return client
        .object()
        .put("adapter", ADAPTER.toString())
        .put("instruction", query.text())
        .put("output", query.intent())
        .put("slice", "intents")
        .put("source", "annotator");
  }

  private static double exactMatch(TributaryClient client, List<Query> asked) {
    long right =
        asked.stream()
            .filter(
                query ->
                    client
                        .ask(ADAPTER.dotted(), query.text())
                        .text()
                        .strip()
                        .equals(query.intent()))
            .count();
    return (double) right / asked.size();
  }

  private static List<BankingReport.Version> versions(TributaryClient client) {
    Map<Integer, Instant> served = new HashMap<>();
    for (JsonNode event : client.history(ADAPTER.dotted())) {
      if (event.path("state").asString().equals("active")) {
        served.put(
            event.path("version").asInt(), Instant.parse(event.path("event_time").asString()));
      }
    }
    List<BankingReport.Version> versions = new ArrayList<>();
    for (JsonNode version :
        client.registry(ADAPTER.dotted()).orElseGet(client::object).path("versions")) {
      Optional<Instant> when = Optional.ofNullable(served.get(version.path("version").asInt()));
      versions.add(
          new BankingReport.Version(
              version.path("id").asString(),
              version.path("verdict").asString(),
              version.path("new_examples").asLong(),
              when.map(instant -> seconds(version, "oldest_ingest_time", instant)).orElse(null),
              when.map(instant -> seconds(version, "newest_ingest_time", instant)).orElse(null)));
    }
    return versions.reversed();
  }

  private static double seconds(JsonNode version, String from, Instant to) {
    return Duration.between(Instant.parse(version.path(from).asString()), to).toMillis() / 1e3;
  }

  private List<Query> read(String name) throws IOException {
    List<Query> queries = new ArrayList<>();
    try (RecordReader reader = RecordReader.open(data.resolve(name))) {
      for (Optional<SourceRecord> record = reader.next();
          record.isPresent();
          record = reader.next()) {
        ObjectNode json = record.get().json();
        queries.add(
            new Query(
                json.path("text").asString().strip(),
                json.path("category").asString().replace('_', ' ').strip()));
      }
    }
    Collections.shuffle(queries, new Random(seed));
    return queries;
  }

  private static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
  }
}
