package dev.tributary.evaluator.serve.generate;

/** What happens to an answer while it is made, in order; choices come one after the other. */
public sealed interface AnswerEvent {

  /**
   * More text of a choice.
   *
   * @param choice from 0
   * @param text never empty, never part of a stop string, never half a character
   */
  record Text(int choice, String text) implements AnswerEvent {}

  /**
   * A choice is complete.
   *
   * @param tokens generated for it, those of a stop string included
   */
  record ChoiceDone(int choice, FinishReason reason, int tokens) implements AnswerEvent {}

  /** The last event: every choice is complete. */
  record Done() implements AnswerEvent {}

  /** The last event: the answer cannot be completed. */
  record Failed(RuntimeException cause) implements AnswerEvent {}
}
