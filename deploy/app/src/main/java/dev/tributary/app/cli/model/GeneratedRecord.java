package dev.tributary.app.cli.model;

/**
 * The text made for one record of a file of prompts, as a line of JSON shows it. Counts and reason
 * are named as in OpenAI's API.
 *
 * @param record its number, from 1
 * @param finishReason {@code stop} or {@code length}
 */
record GeneratedRecord(
    int record, String text, String finishReason, int promptTokens, int completionTokens) {}
