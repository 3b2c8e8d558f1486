package dev.tributary.evaluator.serve.generate;

/** Why a choice ended, by OpenAI's names. */
public enum FinishReason {
  /** The model ended its answer, or a stop string came up. */
  STOP("stop"),
  /** The asked-for number of tokens or the end of the context was reached. */
  LENGTH("length");

  private final String wireName;

  FinishReason(String wireName) {
    this.wireName = wireName;
  }

  /** {@code stop} or {@code length}. */
  public String wireName() {
    return wireName;
  }
}
