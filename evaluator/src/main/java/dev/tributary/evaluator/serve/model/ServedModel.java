package dev.tributary.evaluator.serve.model;

import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.foundation.AdapterId;
import java.util.Optional;

/**
 * What answers a request.
 *
 * @param name the version that answers, {@code tenant.domain@v17}, or the base model's name;
 *     becomes {@code model} in the answer
 * @param adapter whose traffic it is; empty for the base model asked for by its own name
 * @param weights over the base model; empty when the base model itself answers
 */
public record ServedModel(
    String name, Optional<AdapterId> adapter, Optional<LoraAdapter> weights) {}
