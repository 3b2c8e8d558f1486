package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.app.runtime.Starter;
import dev.tributary.app.runtime.TributaryConfig;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.kafka.BrokerWait;
import dev.tributary.platform.lifecycle.Service;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Option;

/** What the commands that run one service have in common. */
abstract sealed class SingleServiceCommand implements Callable<Integer>, ServiceCommand
    permits IngestCommand, TrainCommand, EvaluateCommand, ServeCommand {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Console console;
  private final Starter starter;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = "Settings in YAML: the shared part, and this service's section.")
  private Path config;

  SingleServiceCommand(Console console, Starter starter) {
    this.console = console;
    this.starter = starter;
  }

  @Override
  public Integer call() {
    TributaryConfig settings = TributaryConfig.read(config);
    if (settings.kafka().bootstrapServers().isEmpty()) {
      throw new ConfigException(
          config
              + ": kafka: bootstrap.servers is missing; name the broker ('tributary broker' starts"
              + " one)");
    }
    return Shutdown.guard(shutdown -> run(settings, shutdown)).orElse(ExitCode.DONE);
  }

  private Duration brokerPatience(TributaryConfig settings) {
    return starter == Starter.INGEST ? settings.ingest().brokerWait() : PATIENCE;
  }

  private int run(TributaryConfig settings, Shutdown shutdown) {
    BrokerWait.await(settings.kafka(), brokerPatience(settings));
    BaseModel base =
        starter.needsModel()
            ? BaseModel.load(settings.baseModel(), KernelChoice.detect().kernels())
            : null;
    Service service = shutdown.closing(starter.start(settings, base, Clock.systemUTC()));
    service.awaitReady(PATIENCE);
    console.out().println("%s\thttp://127.0.0.1:%d".formatted(service.name(), service.port()));
    console.note("ready; Ctrl-C stops it");
    shutdown.awaitSignalOr(new CompletableFuture<>(), service.name());
    return ExitCode.DONE;
  }
}
