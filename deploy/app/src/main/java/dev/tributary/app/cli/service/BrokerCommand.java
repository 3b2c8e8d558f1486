package dev.tributary.app.cli.service;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.runtime.BrokerClassPath;
import dev.tributary.app.runtime.Shutdown;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tributary broker}: a Kafka node on this machine. */
@Command(
    name = "broker",
    description =
        "Run a single Kafka node (KRaft) on this machine until Ctrl-C. For trying things, not for"
            + " production.",
    footer = {
      "",
      "The data survives a restart on the same directory. Its log is broker.log there.",
      "",
      "Examples:",
      "  tributary broker",
      "  tributary broker --port 9093 --dir /var/tmp/broker"
    })
public final class BrokerCommand implements Callable<Integer>, ServiceCommand {

  private final Console console;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "9092",
      description =
          "Where clients connect on 127.0.0.1, 0 for any free port; default ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "state/broker",
      description = "Where its data is kept; default ${DEFAULT-VALUE}.")
  private Path directory;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "Its heap; default ${DEFAULT-VALUE}.")
  private String heap;

  public BrokerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    BrokerOptions options =
        BrokerOptions.in(directory)
            .withPort(port)
            .withHeap(heap)
            .withClassPath(BrokerClassPath.find());
    return Shutdown.guard(shutdown -> run(options, shutdown)).orElse(ExitCode.DONE);
  }

  private int run(BrokerOptions options, Shutdown shutdown) {
    EmbeddedBroker broker = shutdown.closing(EmbeddedBroker.start(options));
    console.out().println(broker.bootstrapServers());
    console.note("broker running, Ctrl-C stops it; log: " + broker.logFile());
    shutdown.awaitSignalOr(broker.onExit(), "the broker (log: " + broker.logFile() + ")");
    return ExitCode.DONE;
  }
}
