package dev.tributary.engine.peft.lora;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.foundation.error.ConfigException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraAdapterTest {

  private static final ModelConfig MODEL = ModelConfig.gpt2(50, 16, 12, 2, 3);

  @ParameterizedTest
  @CsvSource({
    "c_attn, 4",
    "c_proj, 8",
    "attn.c_proj, 4",
    "mlp.c_proj, 4",
    "c_fc, 4",
    "all-linear, 16",
    "transformer.h.1.attn.c_attn, 2"
  })
  void targetsMatchEndingsOfNamesAsInPeft(String target, int tensors) {
    LoraAdapter adapter = LoraAdapter.zeros(MODEL, new LoraConfig(3, 6, 0, List.of(target)));

    assertEquals(tensors, adapter.tensors().size());
  }

  @ParameterizedTest
  @CsvSource({"attn", "_attn", "lm_head", "wte"})
  void aTargetThatMatchesNothingIsNamed(String target) {
    ConfigException error =
        assertThrows(
            ConfigException.class,
            () -> LoraAdapter.zeros(MODEL, new LoraConfig(3, 6, 0, List.of("c_attn", target))));
    assertTrue(error.getMessage().contains("'" + target + "'"), error.getMessage());
  }

  @Test
  void namesAndShapesArePefts() {
    LoraAdapter adapter = LoraAdapter.zeros(MODEL, new LoraConfig(3, 6, 0, List.of("c_fc")));

    Tensor a = adapter.tensors().get("base_model.model.transformer.h.1.mlp.c_fc.lora_A.weight");
    Tensor b = adapter.tensors().get("base_model.model.transformer.h.1.mlp.c_fc.lora_B.weight");
    assertEquals("[3, 12]", a.toString());
    assertEquals("[48, 3]", b.toString());
  }

  @Test
  void aFreshAdapterHasZeroBAndSmallSeededA() {
    LoraConfig config = new LoraConfig(3, 6, 0, List.of("c_attn"));
    LoraAdapter adapter = LoraAdapter.fresh(MODEL, config, 1);

    adapter
        .tensors()
        .forEach(
            (name, tensor) -> {
              double largest = 0;
              for (float value : tensor.toArray()) {
                largest = Math.max(largest, Math.abs(value));
              }
              double bound = 1 / Math.sqrt(12);
              boolean isB = name.contains("lora_B");
              assertTrue(isB ? largest == 0 : largest <= bound && largest > 0.7 * bound, name);
            });
    assertArrayEquals(values(adapter), values(LoraAdapter.fresh(MODEL, config, 1)));
    assertFalse(Arrays.equals(values(adapter), values(LoraAdapter.fresh(MODEL, config, 2))));
  }

  @Test
  void scalingIsAlphaOverRankOrOverItsRoot() {
    assertEquals(4, new LoraConfig(4, 16, 0, List.of("x")).scaling());
    assertEquals(8, new LoraConfig(4, 16, 0, List.of("x"), true).scaling());
  }

  @Test
  void settingsOutOfRangeAreNamed() {
    assertField("r", () -> new LoraConfig(0, 1, 0, List.of("x")));
    assertField("lora_alpha", () -> new LoraConfig(1, 0, 0, List.of("x")));
    assertField("lora_alpha", () -> new LoraConfig(1, Double.NaN, 0, List.of("x")));
    assertField("lora_dropout", () -> new LoraConfig(1, 1, 1, List.of("x")));
    assertField("lora_dropout", () -> new LoraConfig(1, 1, -0.1, List.of("x")));
    assertField("target_modules", () -> new LoraConfig(1, 1, 0, List.of()));
    assertField("target_modules", () -> new LoraConfig(1, 1, 0, List.of("all-linear", "x")));
  }

  private static void assertField(String field, Runnable construction) {
    ConfigException error = assertThrows(ConfigException.class, construction::run);
    assertTrue(error.getMessage().startsWith(field + ":"), error.getMessage());
  }

  private static float[] values(LoraAdapter adapter) {
    return adapter.parameters().flat().toArray();
  }
}
