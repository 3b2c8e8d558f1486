package dev.tributary.engine.generate;

import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.AdapterBinding;
import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.LinkedHashMap;
import java.util.Map;

/** The adapters used last, made ready, each with its own small scratch memory. For one thread. */
final class BoundAdapters {

  private final BaseModel model;
  private final int maxTokens;
  private final Map<LoraAdapter, Adaptation> bound;

  /**
   * @param maxTokens most tokens of one pass
   * @param remembered how many adapters are kept ready
   */
  BoundAdapters(BaseModel model, int maxTokens, int remembered) {
    this.model = model;
    this.maxTokens = maxTokens;
    this.bound =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<LoraAdapter, Adaptation> eldest) {
            return size() > remembered;
          }
        };
  }

  /**
   * @param adapterOrNull null for the base model alone
   */
  Adaptation bind(LoraAdapter adapterOrNull) {
    return adapterOrNull == null
        ? Adaptation.NONE
        : bound.computeIfAbsent(
            adapterOrNull, adapter -> new AdapterBinding(model, maxTokens).bind(adapter));
  }
}
