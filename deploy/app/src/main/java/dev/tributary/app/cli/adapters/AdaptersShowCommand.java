package dev.tributary.app.cli.adapters;

import dev.tributary.app.cli.Console;
import dev.tributary.app.cli.output.Column;
import dev.tributary.app.cli.output.Listing;
import dev.tributary.app.cli.output.OutputFormat;
import dev.tributary.app.cli.output.OutputOption;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code tributary adapters show}. */
@Command(
    name = "show",
    description =
        "Print an adapter's versions, newest first, with the gate's verdicts and reasons; and of"
            + " one version the evidence, and what was answered before and after.",
    footer = {
      "",
      "Evidence: held_out records are never trained on; unseen ones came after the version was"
          + " cut;",
      "told ones were trained on; recall are questions the base model made up, with its own"
          + " answers.",
      "With -o json everything is listed of every version, losses and confidence intervals too.",
      "",
      "Examples:",
      "  tributary adapters show acme/support",
      "  tributary adapters show acme/support 7 -o wide",
      "  tributary adapters show acme/support -o json"
    })
final class AdaptersShowCommand implements Callable<Integer> {

  private static final List<Column<JsonNode>> COLUMNS =
      List.of(
          Cells.at("VERSION", "/id"),
          Cells.at("STATE", "/state"),
          Cells.at("VERDICT", "/verdict"),
          Cells.number("EXAMPLES", "/new_examples", 0),
          Cells.number("STEP", "/step", 0).onlyWide(),
          Cells.number("LOSS", "/train_loss", 4).onlyWide(),
          Cells.number("REPLAY", "/replay_ratio", 2).onlyWide(),
          Cells.at("ACTOR", "/actor").onlyWide(),
          Cells.at("TIME", "/event_time"),
          Cells.at("REASONS", "/reasons"));

  private final Console console;

  @Mixin private AdapterParameter adapter;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VERSION",
      description = "Whose evidence and answers to print; default the newest.")
  private Integer version;

  @Mixin private EvaluatorOption evaluator;

  @Mixin private OutputOption output;

  AdaptersShowCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (EvaluatorClient client = evaluator.client()) {
      JsonNode shown = client.adapter(adapter.id());
      List<JsonNode> versions = shown.path("versions").valueStream().toList();
      Optional<JsonNode> detailed = detailed(versions);
      new Listing(console, output.format()).print(shown, COLUMNS, versions);
      if (output.format() == OutputFormat.TABLE || output.format() == OutputFormat.WIDE) {
        detailed.ifPresent(new VersionDetails(console, output.format())::print);
      }
    }
    return 0;
  }

  private Optional<JsonNode> detailed(List<JsonNode> versions) {
    if (version == null) {
      return versions.stream().findFirst();
    }
    Optional<JsonNode> wanted =
        versions.stream().filter(shown -> shown.path("version").asInt(0) == version).findFirst();
    if (wanted.isEmpty()) {
      throw ConfigException.of(
          "VERSION",
          version,
          "'tributary adapters show %s' lists those there are".formatted(adapter.id()));
    }
    return wanted;
  }
}
