package dev.tributary.engine.model;

/**
 * A linear module of a block, the same in every layer, as an adapter names it.
 *
 * @param index among the modules of a block, from 0
 * @param suffix its name inside the block ({@code self_attn.q_proj})
 * @param family gives the name its beginning
 * @param column where its outputs start among those of its site
 * @param bias whether it has one
 */
public record LinearModule(
    int index,
    LinearSite site,
    ModelFamily family,
    String suffix,
    int inputs,
    int outputs,
    int column,
    boolean bias) {

  /** The full name, as Hugging Face has it: {@code model.layers.0.self_attn.q_proj}. */
  public String name(int layer) {
    return family.block(layer) + suffix;
  }
}
