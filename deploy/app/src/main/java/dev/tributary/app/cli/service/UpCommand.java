package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.runtime.AllInOne;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.app.runtime.Starter;
import dev.tributary.app.runtime.TributaryConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tributary up}: everything on this machine. */
@Command(
    name = "up",
    description = "Run broker, ingest, trainer, evaluator and server on this machine until Ctrl-C.",
    footer = {
      "",
      "Without a file: the demo's base model, a broker on port 9092 with its data in ./state, and",
      "the services on 8080 (serve), 8081 (ingest), 8082 (trainer) and 8083 (evaluator).",
      "With kafka: bootstrap.servers in the file, that broker is used and none is started.",
      "",
      "Examples:",
      "  tributary up",
      "  tributary up --config tributary.yaml",
      "  tributary config show          print the settings in force"
    })
public final class UpCommand implements Callable<Integer>, ServiceCommand {

  private static final Duration READY = Duration.ofSeconds(60);

  private final Console console;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings in YAML; without one, the defaults.")
  private Path config;

  public UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TributaryConfig settings = TributaryConfig.read(config);
    return Shutdown.guard(shutdown -> run(settings, shutdown)).orElse(ExitCode.DONE);
  }

  private int run(TributaryConfig settings, Shutdown shutdown) {
    AllInOne running = AllInOne.start(settings, Clock.systemUTC(), shutdown);
    running.awaitReady(READY);
    address("serve", running, Starter.SERVE, "/v1");
    address("ingest", running, Starter.INGEST, "/v1");
    address("trainer", running, Starter.TRAINER, "");
    address("evaluator", running, Starter.EVALUATOR, "/v1/adapters");
    console.out().println("broker\t" + running.bootstrapServers());
    console.note("ready; Ctrl-C stops everything");
    if (console.errIsTerminal()) {
      nextSteps(settings, running).lines().forEach(console::note);
    }
    shutdown.awaitSignalOr(running.brokerEnd(), "the broker");
    return ExitCode.DONE;
  }

  private static NextSteps nextSteps(TributaryConfig settings, AllInOne running) {
    return new NextSteps(
        System.getProperty("tributary.program", "tributary"),
        settings.serve().adapters().stream().findFirst().orElse("acme/support"),
        running.endpoints());
  }

  private void address(String name, AllInOne running, Starter which, String path) {
    console
        .out()
        .println("%s\thttp://127.0.0.1:%d%s".formatted(name, running.service(which).port(), path));
  }
}
