package dev.tributary.app.cli.records;

import java.util.Locale;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/** What is said about an answer; one of these. */
final class Judgement {

  /** A thumb. */
  enum Thumb {
    UP,
    DOWN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--correction",
      paramLabel = "TEXT",
      required = true,
      description = "The answer as it should have been.")
  private String correction;

  @Option(
      names = "--thumb",
      paramLabel = "up|down",
      required = true,
      description = "Whether the answer was good.")
  private Thumb thumb;

  @Option(
      names = "--rating",
      paramLabel = "N",
      required = true,
      description = "How good it was, from 1 to 5.")
  private Double rating;

  @Option(
      names = "--label",
      paramLabel = "NAME",
      required = true,
      description = "The class it should have been.")
  private String label;

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      required = true,
      description = "A remark; kept, never trained on.")
  private String comment;

  void addTo(ObjectNode feedback) {
    if (correction != null) {
      feedback.put("kind", "correction").put("correction", correction);
    } else if (thumb != null) {
      feedback.put("kind", "thumb").put("value", thumb == Thumb.UP);
    } else if (rating != null) {
      feedback.put("kind", "rating").put("value", rating);
    } else if (label != null) {
      feedback.put("kind", "label").put("label", label);
    } else {
      feedback.put("kind", "comment").put("comment", comment);
    }
  }
}
