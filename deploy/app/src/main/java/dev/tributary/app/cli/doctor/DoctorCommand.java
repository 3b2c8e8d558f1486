package dev.tributary.app.cli.doctor;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.ExitCode;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.app.doctor.BrokerCheck;
import dev.tributary.app.doctor.Check;
import dev.tributary.app.doctor.Finding;
import dev.tributary.app.doctor.GpuCheck;
import dev.tributary.app.doctor.JavaCheck;
import dev.tributary.app.doctor.KernelCheck;
import dev.tributary.app.doctor.MachineCheck;
import dev.tributary.app.doctor.TokenizerCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary doctor}: what this machine offers, and what of it is used. */
@Command(
    name = "doctor",
    description =
        "Look at this machine: Java, processor, memory, GPU, the kernels chosen and why, a broker.",
    footer = {
      "",
      "Exit code 1 if something that is needed is broken.",
      "",
      "Examples:",
      "  tributary doctor",
      "  tributary doctor --bootstrap-server kafka:9092 -o json"
    })
public final class DoctorCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--bootstrap-server",
      paramLabel = "HOST:PORT",
      description = "Also ask whether this broker answers.")
  private String bootstrapServer;

  @Mixin private OutputOption output;

  public DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Finding> findings = checks().stream().flatMap(check -> check.run().stream()).toList();
    new Listing(console, output.format()).print(findings, columns(), findings);
    return findings.stream().anyMatch(Finding::isBroken) ? ExitCode.FAILED : ExitCode.DONE;
  }

  private List<Check> checks() {
    List<Check> checks =
        new ArrayList<>(
            List.of(
                new JavaCheck(),
                new MachineCheck(),
                new GpuCheck(),
                new KernelCheck(),
                new TokenizerCheck()));
    if (bootstrapServer != null) {
      checks.add(new BrokerCheck(bootstrapServer));
    }
    return checks;
  }

  private static List<Column<Finding>> columns() {
    return List.of(
        Column.of("SUBJECT", Finding::subject),
        Column.of("STATUS", Finding::status),
        Column.of("DETAIL", Finding::detail));
  }
}
