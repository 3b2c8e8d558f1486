package dev.tributary.app.demo.base;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.model.RandomWeights;
import dev.tributary.engine.model.WeightSource;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Where the base model's weights begin and where they end. */
final class BaseWeights {

  private static final double DEVIATION = 0.02;

  private BaseWeights() {}

  /** The weights training starts from. */
  static WeightSource fresh(ModelConfig config, long seed) {
    return config.family() == ModelFamily.GPT2
        ? gpt2(config, seed)
        : new RandomWeights(config, seed);
  }

  /**
   * GPT-2's initial weights (Radford et al. 2019): normal with deviation 0.02, smaller where a
   * block writes into the residual stream, so that depth does not make it grow; norms one, biases
   * zero. Drawn one after the other, as the committed model's were.
   */
  private static WeightSource gpt2(ModelConfig config, long seed) {
    var random = new SplittableRandom(seed);
    double residual = DEVIATION / Math.sqrt(2.0 * config.layers());
    return (name, target) -> {
      if (name.endsWith(".bias")) {
        target.zero();
      } else if (name.contains("ln_")) {
        fill(target, () -> 1);
      } else {
        double deviation = name.contains("c_proj") ? residual : DEVIATION;
        fill(target, () -> (float) (random.nextGaussian() * deviation));
      }
    };
  }

  /**
   * Writes config.json and model.safetensors, rounded to 16 bits: half the size, the same answers.
   */
  static void write(ModelConfig config, ParameterBlock parameters, Path directory, int eosId) {
    if (config.family() == ModelFamily.GPT2) {
      HuggingFaceConfig.write(directory, config, eosId);
    } else {
      JsonFile.write(directory.resolve("config.json"), llama(config, eosId));
    }
    Map<String, TensorData> tensors = new TreeMap<>();
    parameters
        .tensors()
        .forEach(
            (name, tensor) -> {
              tensors.put(
                  name,
                  tensor.rows() == 1
                      ? TensorData.of(tensor.toArray(), tensor.columns())
                      : TensorData.of(tensor.toArray(), tensor.rows(), tensor.columns()));
            });
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), tensors, Map.of("format", "pt"), Dtype.F16);
  }

  /** As transformers' {@code LlamaConfig} has it. */
  private static ObjectNode llama(ModelConfig config, int eosId) {
    ObjectNode json = JsonFile.object();
    json.putArray("architectures").add("LlamaForCausalLM");
    json.put("bos_token_id", eosId);
    json.put("eos_token_id", eosId);
    json.put("head_dim", config.attention().headSize());
    json.put("hidden_act", "silu");
    json.put("hidden_size", config.width());
    json.put("intermediate_size", config.innerWidth());
    json.put("max_position_embeddings", config.contextLength());
    json.put("model_type", config.modelType());
    json.put("num_attention_heads", config.attention().heads());
    json.put("num_hidden_layers", config.layers());
    json.put("num_key_value_heads", config.attention().keyValueHeads());
    json.put("rms_norm_eps", config.normEpsilon());
    json.put("rope_theta", config.rotary().orElseThrow().theta());
    json.put("tie_word_embeddings", config.tiedEmbeddings());
    json.put("vocab_size", config.vocabularySize());
    return json;
  }

  private interface FloatSource {
    float next();
  }

  private static void fill(Tensor target, FloatSource source) {
    for (long i = 0; i < target.size(); i++) {
      target.set(i, source.next());
    }
  }
}
