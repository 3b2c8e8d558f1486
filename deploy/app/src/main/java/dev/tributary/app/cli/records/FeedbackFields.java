package dev.tributary.app.cli.records;

import java.util.Locale;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** Who says it, and what it belongs to. */
final class FeedbackFields {

  /** Who gives a judgement; the first two are staff. */
  enum Source {
    AGENT,
    ANNOTATOR,
    USER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      defaultValue = "user",
      description =
          "Who says it: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}. The first two are"
              + " staff, whose word counts alone; a user's correction waits for a second voice.")
  private Source source;

  @Option(names = "--author", paramLabel = "ID", description = "The person's id.")
  private String author;

  @Option(
      names = "--slice",
      paramLabel = "NAME",
      description = "What it is about, as the gate groups it; default the interaction's.")
  private String slice;

  @Option(
      names = "--fact-key",
      paramLabel = "KEY",
      description = "The fact it states; from staff, it supersedes older answers under this key.")
  private String factKey;

  void addTo(ObjectNode feedback) {
    feedback.put("source", source.toString());
    put(feedback, "author_id", author);
    put(feedback, "slice", slice);
    put(feedback, "fact_key", factKey);
  }

  private static void put(ObjectNode feedback, String field, String valueOrNull) {
    if (valueOrNull != null) {
      feedback.put(field, valueOrNull);
    }
  }
}
