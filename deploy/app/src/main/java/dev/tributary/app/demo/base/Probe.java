package dev.tributary.app.demo.base;

/**
 * A question that is asked before and after the story.
 *
 * @param before the right answer as the base model knows it
 * @param after the right answer once the policy has changed; the same for all other facts
 */
public record Probe(String slice, String question, String before, String after) {

  /** Whether the answer must change. */
  public boolean changes() {
    return !before.equals(after);
  }
}
