package dev.tributary.app.cli.model;

/**
 * A generated text as JSON shows it.
 *
 * @param finishReason {@code stop} or {@code length}, as OpenAI's API says it
 */
record GeneratedText(String prompt, String text, int tokens, String finishReason) {}
