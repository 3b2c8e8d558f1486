package dev.tributary.app.cli.model;

import java.util.Locale;

/**
 * A generated text as JSON shows it.
 *
 * @param finishReason {@code stop} or {@code length}, as OpenAI's API says it
 */
record GeneratedText(String prompt, String text, int tokens, String finishReason) {

  static String lower(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
