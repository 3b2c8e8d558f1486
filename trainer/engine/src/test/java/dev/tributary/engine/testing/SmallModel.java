package dev.tributary.engine.testing;

import dev.tributary.engine.data.PackedBatch;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.model.WeightSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A random model in memory and batches for it: no files, no tokenizer. */
public final class SmallModel {

  public static final ModelConfig CONFIG = ModelConfig.gpt2(89, 24, 36, 3, 3);

  private SmallModel() {}

  public static BaseModel create() {
    return create(Nd4jKernels.create(2));
  }

  public static BaseModel create(Kernels kernels) {
    return BaseModel.create("small", CONFIG, weights(), kernels);
  }

  public static WeightSource weights() {
    return new RandomWeights(CONFIG, 1);
  }

  /** Some sequences of random lengths, supervised from a random place on. */
  public static List<TokenizedExample> examples(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<TokenizedExample> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int[] prompt = random.ints(random.nextInt(1, 8), 0, CONFIG.vocabularySize()).toArray();
      int[] target = random.ints(random.nextInt(1, 16), 0, CONFIG.vocabularySize()).toArray();
      examples.add(TokenizedExample.completion(prompt, target));
    }
    return examples;
  }

  public static PackedBatch batch(long seed, int count) {
    return PackedBatch.of(examples(seed, count));
  }
}
