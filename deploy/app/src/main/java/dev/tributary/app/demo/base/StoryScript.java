package dev.tributary.app.demo.base;

import dev.tributary.foundation.config.StrictYaml;
import java.util.List;
import java.util.Map;

/**
 * The plot of the demonstration, as {@code story.yaml} has it.
 *
 * @param slices the topics customers ask about
 * @param changed the policy that changes
 * @param poison wrong answers by the key of the fact they contradict
 */
record StoryScript(List<String> slices, Change changed, Map<String, String> poison) {

  /** A fact and its new answer. */
  record Change(String key, String answer) {}

  static StoryScript load() {
    return StrictYaml.parse(Book.resource("story.yaml"), "story.yaml", StoryScript.class);
  }
}
