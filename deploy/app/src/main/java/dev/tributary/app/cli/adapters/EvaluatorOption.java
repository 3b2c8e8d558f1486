package dev.tributary.app.cli.adapters;

import java.net.URI;
import picocli.CommandLine.Option;

/** Where the evaluator is. */
public final class EvaluatorOption {

  @Option(
      names = "--evaluator-url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8083",
      description = "Where the evaluator listens; default ${DEFAULT-VALUE}.")
  private URI url;

  public EvaluatorClient client() {
    return new EvaluatorClient(url);
  }
}
