package dev.tributary.app.cli.model;

import dev.tributary.app.tune.ModelTask;
import dev.tributary.engine.format.huggingface.HuggingFaceConfig;
import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model to use, with which adapter on it. */
final class ModelOptions {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory: config.json, model.safetensors, tokenizer.json.")
  private Path model;

  @Option(
      names = "--adapter",
      paramLabel = "DIR",
      description = "PEFT directory of a LoRA adapter; without it, the base model answers alone.")
  private Path adapter;

  Path directory() {
    return model;
  }

  /**
   * A language model, on this machine's best kernels.
   *
   * @throws ConfigException if it is an encoder, which does not go on with a text
   */
  BaseModel load() {
    ModelConfig config = HuggingFaceConfig.read(model);
    if (config.family().isEncoder()) {
      throw ConfigException.of(
          "--model",
          model,
          "a %s tells classes apart and generates no text; see 'tributary score', or use a gpt2, llama, mistral, qwen2 or qwen3"
              .formatted(config.modelType()));
    }
    return BaseModel.load(model, KernelChoice.detect().kernels());
  }

  /** What model and adapter are to be scored for. */
  ModelTask toScore() {
    return ModelTask.toScore(model, Optional.ofNullable(adapter));
  }

  /** The model itself, on this machine's best kernels. */
  BaseModel load(ModelTask task) {
    return task.load(KernelChoice.detect().kernels());
  }

  /** Null without {@code --adapter}, as the engine wants it. */
  LoraAdapter adapterOrNull(BaseModel base) {
    return adapter == null ? null : PeftDirectory.read(adapter, base);
  }
}
