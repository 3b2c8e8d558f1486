package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.testing.GoldenModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Greedy texts of each family, with and without an adapter in one batch, against transformers. */
class GoldenGenerationTest {

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-lora", "llama-lora", "mistral-lora", "qwen2-lora", "qwen3-lora"})
  void aMixedBatchSaysWhatTransformersSay(String name) {
    assertGolden(name, new ReferenceKernels());
    assertGolden(name, Nd4jKernels.create(2));
  }

  private static void assertGolden(String name, Kernels kernels) {
    GoldenModel golden = GoldenModel.load(name);
    BaseModel model = golden.model(kernels);
    LoraAdapter adapter = PeftDirectory.read(golden.adapterDirectory(), model);
    JsonNode facts = golden.facts();
    List<GenerationRequest> requests = new ArrayList<>();
    List<List<Integer>> expected = new ArrayList<>();
    for (int i = 0; i < facts.get("prompts").size(); i++) {
      int[] prompt = GoldenModel.ints(facts.get("prompts").get(i));
      requests.add(request(null, prompt, facts.get("base").get("greedy").get(i)));
      expected.add(list(facts.get("base").get("greedy").get(i)));
      requests.add(request(adapter, prompt, facts.get("greedy").get(i)));
      expected.add(list(facts.get("greedy").get(i)));
    }

    try (BatchGenerator batch = new BatchGenerator(model, 99, requests.size())) {
      List<List<Integer>> texts =
          batch.generate(requests).stream().map(Generation::tokens).toList();

      assertEquals(expected, texts, name + " on " + kernels.name());
    }
  }

  private static GenerationRequest request(LoraAdapter adapter, int[] prompt, JsonNode expected) {
    return new GenerationRequest(
        adapter, prompt, GenerationOptions.greedy(expected.size(), Set.of()));
  }

  private static List<Integer> list(JsonNode array) {
    return array.valueStream().map(JsonNode::intValue).toList();
  }
}
