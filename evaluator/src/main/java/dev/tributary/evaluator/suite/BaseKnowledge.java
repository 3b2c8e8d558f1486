package dev.tributary.evaluator.suite;

import java.util.List;

/**
 * What the base model knew before it was taught anything: questions it made up itself, with its own
 * answers. Asked by the evaluation loop's thread alone.
 */
@FunctionalInterface
public interface BaseKnowledge {

  /** Nothing is known of what the base knew. */
  BaseKnowledge NONE = () -> List.of();

  /** The same pairs at every call, in the same order. */
  List<OwnAnswer> answers();

  /**
   * @param question not blank
   * @param answer the base's own, not blank
   */
  record OwnAnswer(String question, String answer) {}
}
