package dev.tributary.engine.data;

/**
 * An example as the model will see it.
 *
 * @param example its tokens and labels
 * @param truncated whether something had to be cut to fit the context; callers count these
 */
public record Encoded(TokenizedExample example, boolean truncated) {}
