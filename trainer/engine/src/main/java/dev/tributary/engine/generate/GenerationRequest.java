package dev.tributary.engine.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;

/**
 * A text to go on with.
 *
 * @param adapterOrNull null for the base model alone; requests of one batch may bring different
 *     ones
 * @param prompt at least one token, and fewer than fit
 */
public record GenerationRequest(
    LoraAdapter adapterOrNull, int[] prompt, GenerationOptions options) {}
