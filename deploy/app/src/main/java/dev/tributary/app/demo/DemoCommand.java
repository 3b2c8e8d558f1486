package dev.tributary.app.demo;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.ReportJson;
import dev.tributary.app.demo.base.ShopStory;
import dev.tributary.app.http.Endpoints;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.app.runtime.AllInOne;
import dev.tributary.app.runtime.Processor;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.app.runtime.TributaryConfig;
import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.store.FileTrees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code tributary demo}: the whole loop on a real broker, with a story that shows what it is for.
 */
@Command(
    name = "demo",
    description = {
      "See the whole loop work, in about two minutes.",
      "",
      "Starts a real Kafka broker and all four services on free ports, with their default settings,"
          + " and plays a story: a shop's model is told its FAQ and answers with an outdated"
          + " returns policy; staff correct one answer, and seconds later a version that passed the"
          + " gate answers rightly, in other words too, and the rest stays right. Then lies arrive:"
          + " one voice alone waits, and what two voices say is trained on but not published by the"
          + " gate."
    },
    footer = {
      "",
      "Exit code 0 only if every part of the story really happened.",
      "",
      "Examples:",
      "  tributary demo",
      "  tributary demo --out /tmp/demo --keep-state"
    })
public final class DemoCommand implements Callable<Integer> {

  private static final AdapterId ADAPTER = new AdapterId("shop", "support");
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);

  private final Console console;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "tributary-demo",
      description = "Where report.json and loss-and-retention.png go; default ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Of the story's wordings; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--keep-state",
      description = "Keep the broker's log, checkpoints and adapters in DIR/state.")
  private boolean keepState;

  public DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    long began = System.nanoTime();
    Path state = freshState();
    Optional<DemoReport> told = Shutdown.guard(shutdown -> play(state, began, shutdown));
    if (!keepState) {
      FileTrees.delete(state);
    }
    if (told.isEmpty()) {
      return ExitCode.FAILED;
    }
    DemoReport report = told.get();
    write(report);
    new ClosingTable(console.out()).print(report);
    console.note("");
    console.note("report  " + out.resolve("report.json"));
    console.note("plot    " + out.resolve("loss-and-retention.png"));
    return report.passed() ? ExitCode.DONE : ExitCode.FAILED;
  }

  private DemoReport play(Path state, long began, Shutdown shutdown) {
    console.note("Starting a broker and all services ...");
    TributaryConfig config = TributaryConfig.fromResource(DemoCommand.class, "demo.yaml", state);
    AllInOne services = AllInOne.start(config, Clock.systemUTC(), shutdown);
    services.awaitReady(START_PATIENCE);
    return tell(services, began);
  }

  private DemoReport tell(AllInOne services, long began) {
    Endpoints endpoints = services.endpoints();
    try (TributaryClient client = new TributaryClient(endpoints);
        Counter counter = new Counter(client, endpoints, ADAPTER);
        ProgressView view = new ProgressView(client, ADAPTER, console, System::nanoTime)) {
      view.say(
          "Up after %.1f s: ingest %s, trainer %s, evaluator %s, server %s"
              .formatted(
                  (System.nanoTime() - began) / 1e9,
                  endpoints.ingest(),
                  endpoints.trainer(),
                  endpoints.evaluator(),
                  endpoints.serve()));
      view.start();
      Loop loop = new Loop(client, ADAPTER, System::nanoTime);
      Story.Outcome outcome =
          new Story(counter, ShopStory.of(seed), loop, view, System::nanoTime).tell();
      RegistryReport registry =
          new RegistryReport(client.registry(ADAPTER.dotted()).orElseGet(client::object));
      Processor processor = Processor.detect();
      return new DemoReport(
          outcome.checks().stream().allMatch(DemoReport.Check::passed),
          (System.nanoTime() - began) / 1e9,
          processor.model() + " " + processor.instructionSets(),
          outcome.checks(),
          registry.versions(),
          outcome.answers(),
          registry.retention(),
          outcome.timings(),
          view.samples());
    }
  }

  private void write(DemoReport report) throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("report.json"), ReportJson.of(report) + "\n");
    new RetentionPlot().write(report, out.resolve("loss-and-retention.png"));
  }

  /** The demo always starts from nothing; it only ever deletes a directory it made itself. */
  private Path freshState() throws IOException {
    Path state = out.resolve("state").toAbsolutePath().normalize();
    Path mark = state.resolve("made-by-tributary-demo");
    if (Files.exists(state)) {
      if (!Files.exists(mark)) {
        throw ConfigException.of(
            "--out", out, "its state directory was not made by the demo; name another directory");
      }
      FileTrees.delete(state);
    }
    Files.createDirectories(state);
    Files.createFile(mark);
    return state;
  }
}
