package dev.tributary.evaluator.serve.model;

import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.evaluator.registry.ReleaseLine;

/**
 * A released version in memory, verified. Immutable; an answer under way keeps its own reference.
 *
 * @param line what the registry said of it when it was loaded
 */
public record LoadedVersion(ReleaseLine line, LoraAdapter weights) {

  /** {@code tenant.domain@v17}. */
  public String name() {
    return line.name();
  }
}
