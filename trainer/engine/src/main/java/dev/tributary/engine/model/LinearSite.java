package dev.tributary.engine.model;

/** The linear layers of a block, in the order data flows through them. */
public enum LinearSite {
  ATTENTION_INPUT("attn.c_attn"),
  ATTENTION_OUTPUT("attn.c_proj"),
  MLP_INPUT("mlp.c_fc"),
  MLP_OUTPUT("mlp.c_proj");

  private final String suffix;

  LinearSite(String suffix) {
    this.suffix = suffix;
  }

  /** The module's full name, as Hugging Face has it. */
  public String module(int layer) {
    return "transformer.h." + layer + "." + suffix;
  }

  public int inputs(ModelConfig config) {
    return this == MLP_OUTPUT ? config.innerWidth() : config.width();
  }

  public int outputs(ModelConfig config) {
    return switch (this) {
      case ATTENTION_INPUT -> 3 * config.width();
      case MLP_INPUT -> config.innerWidth();
      case ATTENTION_OUTPUT, MLP_OUTPUT -> config.width();
    };
  }
}
