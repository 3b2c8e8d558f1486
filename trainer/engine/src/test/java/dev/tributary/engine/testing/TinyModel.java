package dev.tributary.engine.testing;

import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.tokenizer.BpeTrainer;
import dev.tributary.engine.tokenizer.BpeVocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Writes a complete Hugging Face directory of a random GPT-2 that is small enough for tests: 2
 * layers, width 32, 4 heads, context 64, a byte-level tokenizer of 300 tokens and a chat template.
 * It answers nonsense, quickly, and the same nonsense for the same seed.
 */
public final class TinyModel {

  public static final String USER = "<|user|>";
  public static final String ASSISTANT = "<|assistant|>";
  public static final String END = "<|end|>";

  /** Turns as {@code <|user|>question<|end|><|assistant|>answer<|end|>}. */
  public static final String CHAT_TEMPLATE =
      """
      {%- for message in messages %}
      {{- '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '<|assistant|>' }}
      {%- endif %}
      """;

  private static final String TEXT =
      "You can return an item within the first days. We open at nine and close at six. "
          + "the card the order the shop the item the question and the answer "
          + "You can pay by card and you can return the card within the first days of the order. "
          + "What are your hours? Where is the shop? How do I return an item? ";

  private TinyModel() {}

  /** Writes the default tiny model and returns its directory. */
  public static Path write(Path directory, long seed) {
    BpeVocabulary vocabulary =
        new BpeTrainer(List.of(USER, ASSISTANT, "<|system|>", END), 300).train(Stream.of(TEXT));
    return write(directory, seed, ModelConfig.gpt2(vocabulary.size(), 64, 32, 2, 4), vocabulary);
  }

  /** A tiny model of another shape; its vocabulary must be that of the tokenizer. */
  public static Path write(
      Path directory, long seed, ModelConfig config, BpeVocabulary vocabulary) {
    try {
      Files.createDirectories(directory);
      vocabulary.write(directory.resolve("tokenizer.json"));
      Files.writeString(
          directory.resolve("tokenizer_config.json"), "{\"eos_token\": \"%s\"}\n".formatted(END));
      Files.writeString(directory.resolve("chat_template.jinja"), CHAT_TEMPLATE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    HuggingFaceConfig.write(directory, config, vocabulary.id(END));
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"),
        weights(config, seed),
        Map.of("format", "pt"),
        Dtype.F32);
    return directory;
  }

  /** Random weights of a GPT-2, by their Hugging Face names. */
  public static Map<String, TensorData> weights(ModelConfig config, long seed) {
    var random = new SplittableRandom(seed);
    Map<String, TensorData> weights = new LinkedHashMap<>();
    int width = config.width();
    int inner = config.innerWidth();
    weights.put("transformer.wte.weight", normal(random, 0.1, config.vocabularySize(), width));
    weights.put("transformer.wpe.weight", normal(random, 0.05, config.contextLength(), width));
    for (int layer = 0; layer < config.layers(); layer++) {
      String block = "transformer.h." + layer + ".";
      layerNorm(weights, block + "ln_1", width);
      linear(weights, random, block + "attn.c_attn", width, 3 * width);
      linear(weights, random, block + "attn.c_proj", width, width);
      layerNorm(weights, block + "ln_2", width);
      linear(weights, random, block + "mlp.c_fc", width, inner);
      linear(weights, random, block + "mlp.c_proj", inner, width);
    }
    layerNorm(weights, "transformer.ln_f", width);
    return weights;
  }

  private static void linear(
      Map<String, TensorData> weights, SplittableRandom random, String name, int in, int out) {
    weights.put(name + ".weight", normal(random, 0.15, in, out));
    weights.put(name + ".bias", normal(random, 0.02, out));
  }

  private static void layerNorm(Map<String, TensorData> weights, String name, int width) {
    float[] ones = new float[width];
    Arrays.fill(ones, 1f);
    weights.put(name + ".weight", TensorData.of(ones, width));
    weights.put(name + ".bias", TensorData.of(new float[width], width));
  }

  private static TensorData normal(SplittableRandom random, double deviation, int... shape) {
    int size = 1;
    for (int dimension : shape) {
      size *= dimension;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return new TensorData(shape, values);
  }
}
