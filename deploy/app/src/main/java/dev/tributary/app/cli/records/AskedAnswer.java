package dev.tributary.app.cli.records;

import dev.tributary.foundation.AdapterId;
import picocli.CommandLine.Option;

/** Which answer is judged: that to a question asked now. */
final class AskedAnswer {

  @Option(
      names = "--ask",
      paramLabel = "QUESTION",
      required = true,
      description = "Ask this now, and judge the answer.")
  private String question;

  @Option(
      names = "--adapter",
      paramLabel = "TENANT/DOMAIN",
      required = true,
      description = "The adapter that is asked.")
  private String adapter;

  String question() {
    return question;
  }

  AdapterId adapter() {
    return AdapterId.parse(adapter);
  }
}
