package dev.tributary.engine.format.huggingface;

/** What a decoder's directory was saved for. */
final class DecoderHead {

  private DecoderHead() {}

  /**
   * Refuses a decoder that was trained to predict something other than the next token: its head is
   * not computed, and a token head it was saved without would be made up.
   */
  static void require(ConfigFields fields) {
    for (String architecture : fields.texts("architectures")) {
      boolean other = architecture.matches(".*(For(?!CausalLM)[A-Z].*|DoubleHeadsModel)");
      if (other) {
        throw fields.refused(
            "architectures",
            "decoders are computed with a head for the next token; use the model for causal"
                + " language modelling, or a bert to classify");
      }
    }
  }
}
