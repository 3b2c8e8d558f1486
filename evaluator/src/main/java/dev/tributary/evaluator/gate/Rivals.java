package dev.tributary.evaluator.gate;

/**
 * What a candidate is compared with, as explanations call it.
 *
 * @param reference the release that answers now, such as {@code acme.support@v3}, or {@code the
 *     base model}
 * @param best the best release ever, where it is another one than the reference
 */
public record Rivals(String reference, String best) {}
