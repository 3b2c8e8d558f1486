package dev.tributary.foundation.config;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * What other fine-tuning tools (LLaMA-Factory, Axolotl, Unsloth) call the settings that PEFT and
 * TRL call as we do.
 */
final class ForeignNames {

  private static final Map<String, String> OURS =
      Map.ofEntries(
          Map.entry("lora_r", "r"),
          Map.entry("lora_rank", "r"),
          Map.entry("lora_target", "target_modules"),
          Map.entry("lora_target_modules", "target_modules"),
          Map.entry("cutoff_len", "max_length"),
          Map.entry("sequence_len", "max_length"),
          Map.entry("sample_packing", "packing"),
          Map.entry("pref_beta", "beta"),
          Map.entry("rl_beta", "beta"),
          Map.entry("adapter", "peft_type"),
          Map.entry("finetuning_type", "peft_type"));

  private ForeignNames() {}

  /** Our name for another tool's key, if that is a key that may stand there. */
  static Optional<String> ourNameFor(String key, Collection<String> known) {
    return Optional.ofNullable(OURS.get(key)).filter(known::contains);
  }
}
