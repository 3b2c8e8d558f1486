package dev.tributary.engine.peft.lora;

import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.tensor.TensorArena;

/**
 * The adapter a scorer or generator used last, made ready. Binding the same adapter again costs
 * nothing; another one gets its own small scratch memory. For one thread.
 */
public final class AdapterBinding {

  private final BaseModel model;
  private final int maxTokens;
  private LoraAdapter bound;
  private Adaptation adaptation = Adaptation.NONE;

  public AdapterBinding(BaseModel model, int maxTokens) {
    this.model = model;
    this.maxTokens = maxTokens;
  }

  /**
   * @param adapterOrNull null for the base model alone
   */
  public Adaptation bind(LoraAdapter adapterOrNull) {
    if (adapterOrNull != bound) {
      adaptation =
          adapterOrNull == null
              ? Adaptation.NONE
              : LoraAdaptation.forInference(
                  model.config(), model.kernels(), TensorArena.shared(), maxTokens, adapterOrNull);
      bound = adapterOrNull;
    }
    return adaptation;
  }
}
