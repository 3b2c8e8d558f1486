package dev.tributary.evaluator.score;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.Optional;

/**
 * A model to score: the base, alone or with an adapter.
 *
 * @param id tells models with different weights apart: the adapter's content hash, or {@code base}
 * @param adapter empty for the base alone
 */
public record ScoredModel(String id, Optional<LoraAdapter> adapter) {

  /** The base model without an adapter. */
  public static final ScoredModel BASE = new ScoredModel("base", Optional.empty());

  LoraAdapter adapterOrNull() {
    return adapter.orElse(null);
  }
}
