package dev.tributary.trainer.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.optimizer.OptimizerConfig;
import dev.tributary.engine.peft.lora.LoraConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Models of the widths of the demo's base, GPT-2, Qwen2.5 0.5B and Llama 7B. */
class AdapterDefaultsTest {

  private static final List<ModelConfig> MODELS =
      List.of(
          ModelConfig.gpt2(2_000, 256, 192, 4, 4),
          ModelConfig.gpt2(50_257, 1_024, 768, 12, 12),
          ModelConfig.gpt2(151_936, 1_024, 896, 24, 14),
          ModelConfig.gpt2(32_000, 1_024, 4_096, 32, 32));

  @Test
  void everyModelGetsWhatAnAdapterCanBeMadeOf() {
    for (ModelConfig model : MODELS) {
      AdapterDefaults defaults = AdapterDefaults.of(model);
      assertEquals(defaults.r(), TrainingConfig.DEFAULT.lora(model).r());
      assertTrue(defaults.r() <= model.width() / 2, "a low rank");
      assertTrue(
          defaults.learningRate() >= 1e-5 && defaults.learningRate() <= 1e-2,
          () -> model.width() + ": " + defaults);
      LoraConfig lora = TrainingConfig.DEFAULT.lora(model);
      OptimizerConfig optimizer = TrainingConfig.DEFAULT.optimizer(model);
      assertEquals(2.0 * defaults.r(), lora.loraAlpha());
      assertEquals(defaults.learningRate(), optimizer.learningRate());
    }
  }

  @Test
  void widerModelsLearnAtSmallerRatesInSmallerBatchesAndAreAskedLess() {
    for (int i = 1; i < MODELS.size(); i++) {
      AdapterDefaults narrow = AdapterDefaults.of(MODELS.get(i - 1));
      AdapterDefaults wide = AdapterDefaults.of(MODELS.get(i));
      assertTrue(wide.learningRate() <= narrow.learningRate(), () -> narrow + " " + wide);
      assertTrue(wide.batchTokens() <= narrow.batchTokens(), () -> narrow + " " + wide);
      assertTrue(wide.batchTokens() > 0);
      assertTrue(wide.ownAnswers() <= narrow.ownAnswers(), () -> narrow + " " + wide);
      assertTrue(wide.ownAnswers() > 0);
    }
  }

  @Test
  void batchAlwaysHasRoomForTheLongestExample() {
    for (ModelConfig model : MODELS) {
      assertTrue(
          TrainingConfig.DEFAULT.batchLimits(model).maxTokens()
              >= TrainingConfig.DEFAULT.maxLength(model.contextLength()));
    }
  }
}
