package dev.tributary.engine.model;

/**
 * The places of a block where a matrix is multiplied, in the order data flows through them. A site
 * is one linear module or several side by side ({@link LinearModule}).
 */
public enum LinearSite {
  /** To queries, keys and values. */
  ATTENTION_INPUT,
  ATTENTION_OUTPUT,
  /** To the inner width; to gate and up where the activation is gated. */
  MLP_INPUT,
  MLP_OUTPUT
}
