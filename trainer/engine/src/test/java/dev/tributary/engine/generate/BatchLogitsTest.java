package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.engine.testing.GoldenModel;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A text in a batch against the same text alone, on kernels that may round differently for more
 * rows.
 */
class BatchLogitsTest {

  private static final int TEXTS = 16;
  private static final Kernels KERNELS = OneDnnKernels.create(2, Precision.FLOAT32);

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-full", "llama-full", "mistral-full", "qwen2-full", "qwen3-full"})
  void logitsOfATextDoNotDependOnItsNeighbours(String name) {
    BaseModel model = GoldenModel.load(name).model(KERNELS);
    List<TokenizedExample> texts = prompts(model, 9).stream().map(TokenizedExample::text).toList();

    float[] together = logits(model, texts);

    int at = 0;
    for (TokenizedExample text : texts) {
      for (float alone : logits(model, List.of(text))) {
        assertEquals(alone, together[at++], 1e-5f);
      }
    }
    assertEquals(together.length, at);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2-full", "llama-full", "mistral-full", "qwen2-full", "qwen3-full"})
  void greedyTokensOfATextDoNotDependOnItsNeighbours(String name) {
    BaseModel model = GoldenModel.load(name).model(KERNELS);
    List<GenerationRequest> requests =
        prompts(model, 7).stream()
            .map(p -> new GenerationRequest(null, p, GenerationOptions.greedy(10, Set.of())))
            .toList();
    try (BatchGenerator one = new BatchGenerator(model, 17, 1);
        BatchGenerator many = new BatchGenerator(model, 17, TEXTS)) {

      List<Generation> alone = one.generate(requests);

      assertEquals(alone, many.generate(requests));
      assertTrue(alone.stream().distinct().count() > 1, "texts that differ");
    }
  }

  /** Of one token and more. */
  private static List<int[]> prompts(BaseModel model, int longest) {
    SplittableRandom random = new SplittableRandom(3);
    int vocabulary = model.config().vocabularySize();
    return Stream.generate(
            () -> random.ints(random.nextInt(1, longest + 1), 0, vocabulary).toArray())
        .limit(TEXTS)
        .toList();
  }

  private static float[] logits(BaseModel model, List<TokenizedExample> texts) {
    PackedBatch batch = PackedBatch.of(texts);
    int n = batch.tokenCount();
    try (TensorArena arena = TensorArena.scoped()) {
      Transformer transformer =
          Transformer.forInference(model.config(), model.weights(), KERNELS, arena, n);
      CausalLanguageModelling head =
          new CausalLanguageModelling(model.config(), model.weights(), KERNELS, arena, n, false);
      Tensor hidden = transformer.forward(batch, Adaptation.NONE);
      return head.logits(hidden, IntStream.range(0, n).toArray(), 0, n).toArray();
    }
  }
}
