package dev.tributary.evaluator.serve.metrics;

/** The two ways to ask for text, by OpenTelemetry's names for them. */
public enum Operation {
  CHAT("chat"),
  TEXT_COMPLETION("text_completion");

  private final String label;

  Operation(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
