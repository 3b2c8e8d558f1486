package dev.tributary.app.demo.base;

import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.safetensors.Dtype;
import dev.tributary.engine.format.safetensors.SafetensorsWriter;
import dev.tributary.engine.format.safetensors.TensorData;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.WeightSource;
import dev.tributary.engine.tensor.ParameterBlock;
import dev.tributary.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Where the base model's weights begin and where they end. */
final class BaseWeights {

  private static final double DEVIATION = 0.02;

  private BaseWeights() {}

  /**
   * GPT-2's initial weights (Radford et al. 2019): normal with deviation 0.02, smaller where a
   * block writes into the residual stream, so that depth does not make it grow; norms one, biases
   * zero.
   */
  static WeightSource fresh(ModelConfig config, long seed) {
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
    HuggingFaceConfig.write(directory, config, eosId);
    Map<String, TensorData> tensors = new TreeMap<>();
    parameters
        .tensors()
        .forEach(
            (name, tensor) -> {
              boolean vector = name.endsWith(".bias") || name.contains("ln_");
              tensors.put(
                  name,
                  vector
                      ? TensorData.of(tensor.toArray(), tensor.columns())
                      : TensorData.of(tensor.toArray(), tensor.rows(), tensor.columns()));
            });
    SafetensorsWriter.write(
        directory.resolve("model.safetensors"), tensors, Map.of("format", "pt"), Dtype.F16);
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
