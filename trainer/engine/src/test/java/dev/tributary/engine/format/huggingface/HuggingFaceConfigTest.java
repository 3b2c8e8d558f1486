package dev.tributary.engine.format.huggingface;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.testing.Golden;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.foundation.error.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HuggingFaceConfigTest {

  @TempDir Path directory;

  @Test
  void readsWhatTransformersWrites() {
    assertEquals(
        ModelConfig.gpt2(64, 16, 16, 2, 2), HuggingFaceConfig.read(Golden.path("peft/base")));
  }

  @Test
  void fillsInTheFamilysDefaults() throws IOException {
    config("{\"model_type\":\"gpt2\"}");
    assertEquals(ModelConfig.gpt2(50_257, 1_024, 768, 12, 12), HuggingFaceConfig.read(directory));
  }

  @Test
  void readsBackWhatItWrote() {
    var config = new ModelConfig("gpt2", 300, 64, 32, 2, 4, 100, 1e-6, false);
    HuggingFaceConfig.write(directory, config, 3);
    assertEquals(config, HuggingFaceConfig.read(directory));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'model_type':'mamba'} | 'mamba' is not supported; supported: gpt2",
        "{} | model_type",
        "{'model_type':'gpt2','activation_function':'relu'} | activation_function",
        "{'model_type':'gpt2','scale_attn_by_inverse_layer_idx':true} |"
            + " scale_attn_by_inverse_layer_idx",
        "{'model_type':'gpt2','quantization_config':{'bits':4}} | quantization_config",
        "{'model_type':'gpt2','n_layer':0} | n_layer",
        "{'model_type':'gpt2','n_embd':'x'} | n_embd",
        "{'model_type':'gpt2','n_head':5} | n_head",
      })
  void namesWhatItCannotCompute(String json, String complaint) throws IOException {
    config(json.replace('\'', '"'));
    var error = assertThrows(ConfigException.class, () -> HuggingFaceConfig.read(directory));
    assertTrue(error.getMessage().contains(complaint.strip()), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{", "[1]", "{'a':1,'a':2}"})
  void refusesDamagedFiles(String json) throws IOException {
    config(json.replace('\'', '"'));
    assertThrows(CorruptArtifactException.class, () -> HuggingFaceConfig.read(directory));
  }

  @Test
  void saysWhatIsMissing() {
    TributaryException error =
        assertThrows(ConfigException.class, () -> HuggingFaceConfig.read(directory));
    assertTrue(error.getMessage().contains("config.json is missing"), error.getMessage());
  }

  private void config(String json) throws IOException {
    Files.writeString(directory.resolve("config.json"), json);
  }
}
