package dev.tributary.engine.model;

/** The two normalisations of a block. */
public enum NormSite {
  ATTENTION("ln_1"),
  MLP("ln_2");

  private final String suffix;

  NormSite(String suffix) {
    this.suffix = suffix;
  }

  /** The module's full name, as Hugging Face has it. */
  public String module(int layer) {
    return "transformer.h." + layer + "." + suffix;
  }
}
