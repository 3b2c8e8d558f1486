package dev.tributary.engine.model;

/** The normalisations of a block. */
public enum NormSite {
  /** Before the attention; in an encoder, after it. */
  ATTENTION,
  /** Of each query head, where the family has it. */
  QUERY,
  /** Of each key head, where the family has it. */
  KEY,
  /** Before the feed-forward layer; in an encoder, after it. */
  MLP
}
