package dev.tributary.app.cli.model;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.kernels.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import java.nio.file.Path;
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

  /** The model itself, on this machine's best kernels. */
  BaseModel load() {
    return BaseModel.load(model, KernelChoice.detect().kernels());
  }

  /** Null without {@code --adapter}, as the engine wants it. */
  LoraAdapter adapterOrNull(BaseModel base) {
    return adapter == null ? null : PeftDirectory.read(adapter, base);
  }
}
