package dev.tributary.engine.model;

/** The two normalisations of a block: beside its attention, and beside its feed-forward layer. */
public enum NormSite {
  ATTENTION,
  MLP
}
