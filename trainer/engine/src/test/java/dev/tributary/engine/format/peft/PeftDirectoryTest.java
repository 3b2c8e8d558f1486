package dev.tributary.engine.format.peft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsFile;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.testing.Golden;
import dev.tributary.engine.testing.GoldenModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PeftDirectoryTest {

  @TempDir Path directory;

  private static BaseModel goldenBase() {
    return BaseModel.load(Golden.path("peft/base"), new ReferenceKernels());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "rslora"})
  void computesWithAnAdapterFromPeftWhatPeftComputes(String name) {
    // given
    JsonNode expected = Golden.object("peft/" + name + "/expected.json");
    BaseModel base = goldenBase();
    // when
    LoraAdapter adapter = PeftDirectory.read(Golden.path("peft/" + name), base);
    double loss;
    try (Scorer scorer = new Scorer(base, 16)) {
      var example = new TokenizedExample(ints(expected, "input_ids"), ints(expected, "labels"));
      loss = scorer.score(adapter, List.of(example)).getFirst().lossSum();
    }
    // then
    assertEquals(expected.path("loss_sum").doubleValue(), loss, 2e-4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lora", "rslora"})
  void writesTheSameFilesAsPeft(String name) throws IOException {
    // given
    Path theirs = Golden.path("peft/" + name);
    LoraAdapter adapter = PeftDirectory.read(theirs, goldenBase());
    // when
    PeftDirectory.write(directory.resolve("ours"), adapter, "tiny-base");
    // then
    for (String file : List.of("adapter_model.safetensors", "adapter_config.json")) {
      assertArrayEquals(
          Files.readAllBytes(theirs.resolve(file)),
          Files.readAllBytes(directory.resolve("ours").resolve(file)),
          file);
    }
    assertEquals("tiny-base", PeftDirectory.baseModelName(directory.resolve("ours")));
  }

  @Test
  void readsBackAnAdapterOfAllLinearModules() {
    // given
    BaseModel base =
        BaseModel.load(TinyModel.write(directory.resolve("base"), 1), new ReferenceKernels());
    LoraAdapter adapter =
        LoraAdapter.fresh(base.config(), new LoraConfig(2, 4.5, 0, List.of("all-linear")), 5);
    // when
    PeftDirectory.write(directory.resolve("a"), adapter, base.name());
    LoraAdapter read = PeftDirectory.read(directory.resolve("a"), base);
    // then
    assertEquals(adapter.config(), read.config());
    adapter
        .tensors()
        .forEach(
            (name, tensor) ->
                assertArrayEquals(tensor.toArray(), read.tensors().get(name).toArray()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt2-lora",
        "bert-lora",
        "llama-lora",
        "mistral-lora",
        "qwen2-lora",
        "qwen3-lora"
      })
  void writesEveryFamilysAdapterAsPeftDoes(String name) throws IOException {
    // given
    GoldenModel golden = GoldenModel.load(name);
    Path theirs = golden.adapterDirectory();
    LoraAdapter adapter = PeftDirectory.read(theirs, golden.model(new ReferenceKernels()));
    // when
    PeftDirectory.write(directory, adapter, "base");
    // then
    assertArrayEquals(
        Files.readAllBytes(theirs.resolve("adapter_model.safetensors")),
        Files.readAllBytes(directory.resolve("adapter_model.safetensors")));
    assertEquals(config(theirs), config(directory));
  }

  /** Without the base model's name, and with the targets in order: PEFT keeps them as a set. */
  private static JsonNode config(Path adapter) {
    var json = JsonFile.read(adapter.resolve("adapter_config.json")).orElseThrow();
    json.remove("base_model_name_or_path");
    var targets = json.path("target_modules").valueStream().map(JsonNode::stringValue).sorted();
    var sorted = json.putArray("target_modules");
    targets.forEach(sorted::add);
    return json;
  }

  @Test
  void namesTheModulesOfAnEncoderInsteadOfAllLinear() {
    // given
    BaseModel base = GoldenModel.load("bert-lora").model(new ReferenceKernels());
    var all = new LoraConfig(1, 2, 0, List.of("all-linear"), false, List.of("classifier"));
    // when
    PeftDirectory.write(directory, LoraAdapter.fresh(base, all, 1), "base");
    LoraAdapter read = PeftDirectory.read(directory, base);
    // then the pooler, which PEFT's all-linear takes in, is not among them
    assertEquals(
        List.of("intermediate.dense", "key", "output.dense", "query", "value"),
        read.config().targetModules());
    assertEquals(3 * 6 * 2 + 2, read.tensors().size());
  }

  @Test
  void saysThatThePoolerIsNotAdapted() throws IOException {
    // given
    GoldenModel golden = GoldenModel.load("bert-lora");
    Files.copy(
        golden.adapterDirectory().resolve("adapter_config.json"),
        directory.resolve("adapter_config.json"));
    SafetensorsWriter.write(
        directory.resolve("adapter_model.safetensors"),
        Map.of(
            "base_model.model.bert.pooler.dense.lora_A.weight", TensorData.of(new float[3], 3, 1)),
        Map.of(),
        Dtype.F32);
    // when
    BaseModel base = golden.model(new ReferenceKernels());
    var error = assertThrows(ConfigException.class, () -> PeftDirectory.read(directory, base));
    // then
    assertTrue(error.getMessage().contains("pooler"), error.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'use_dora': false | 'use_dora': true | use_dora",
        "'r': 3 | 'r': 1000000 | r: 1000000",
        "'r': 3 | 'r': 0 | r: 0",
        "'r': 3 | 'r': 'x' | r:",
        "'peft_type': 'LORA' | 'peft_type': 'PREFIX_TUNING' | peft_type",
        "'task_type': 'CAUSAL_LM' | 'task_type': 'SEQ_2_SEQ_LM' | task_type",
        "'bias': 'none' | 'bias': 'all' | bias",
        "'rank_pattern': {} | 'rank_pattern': {'c_attn': 4} | rank_pattern",
        "'modules_to_save': null | 'modules_to_save': ['lm_head'] | modules_to_save",
        "'modules_to_save': null | 'modules_to_save': ['classifier'] | modules_to_save",
        "'init_lora_weights': true | 'init_lora_weights': 'pissa' | init_lora_weights",
        "'c_attn', | 'q_proj', | q_proj",
        "'lora_alpha': 6 | 'lora_alpha': -1 | lora_alpha",
      })
  void refusesKindsOfLoraItCannotCompute(String from, String to, String complaint)
      throws IOException {
    // given
    Path adapter = copyOfGolden();
    Path config = adapter.resolve("adapter_config.json");
    String text = Files.readString(config);
    String changed = text.replace(from.replace('\'', '"'), to.replace('\'', '"'));
    Files.writeString(config, changed);
    assertTrue(!text.equals(changed), "the case changes nothing");
    // when
    var error =
        assertThrows(ConfigException.class, () -> PeftDirectory.read(adapter, goldenBase()));
    // then
    assertTrue(error.getMessage().contains(complaint), error.getMessage());
  }

  @Test
  void refusesAnAdapterOfAnotherBase() {
    BaseModel other =
        BaseModel.load(TinyModel.write(directory.resolve("other"), 1), new ReferenceKernels());
    var error =
        assertThrows(
            CorruptArtifactException.class,
            () -> PeftDirectory.read(Golden.path("peft/lora"), other));
    assertTrue(
        error
            .getMessage()
            .contains("adapter_model.safetensors: tensor 'base_model.model.transformer.h.0"),
        error.getMessage());
    assertTrue(error.getMessage().contains("made for 'tiny-base'"), error.getMessage());
  }

  @Test
  void refusesTensorsTooManyOrTooFew() throws IOException {
    // given
    Path adapter = copyOfGolden();
    Path file = adapter.resolve("adapter_model.safetensors");
    Map<String, TensorData> tensors = new HashMap<>();
    try (var golden = SafetensorsFile.open(file)) {
      golden.names().forEach(name -> tensors.put(name, golden.read(name)));
    }
    String one = tensors.keySet().iterator().next();
    TensorData taken = tensors.remove(one);
    // when, then
    SafetensorsWriter.write(file, tensors, Map.of(), Dtype.F32);
    assertTrue(message(adapter).contains("'" + one + "' is missing"), message(adapter));
    tensors.put(one, taken);
    tensors.put("extra", taken);
    SafetensorsWriter.write(file, tensors, Map.of(), Dtype.F32);
    assertTrue(message(adapter).contains("'extra' belongs to no target module"), message(adapter));
  }

  @Test
  void neverOpensAPickle() throws IOException {
    Path adapter = copyOfGolden();
    Files.move(adapter.resolve("adapter_model.safetensors"), adapter.resolve("adapter_model.bin"));
    var error =
        assertThrows(ConfigException.class, () -> PeftDirectory.read(adapter, goldenBase()));
    assertTrue(error.getMessage().contains("pickle"), error.getMessage());
  }

  private static String message(Path adapter) {
    return assertThrows(
            CorruptArtifactException.class, () -> PeftDirectory.read(adapter, goldenBase()))
        .getMessage();
  }

  private Path copyOfGolden() throws IOException {
    Path copy = Files.createDirectory(directory.resolve("copy"));
    for (String file : List.of("adapter_model.safetensors", "adapter_config.json")) {
      Files.copy(Golden.path("peft/lora").resolve(file), copy.resolve(file));
    }
    return copy;
  }

  private static int[] ints(JsonNode json, String field) {
    return StreamSupport.stream(json.path(field).spliterator(), false)
        .mapToInt(JsonNode::intValue)
        .toArray();
  }
}
