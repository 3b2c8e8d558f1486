package dev.tributary.app.bench;

import dev.tributary.engine.model.BaseModel;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model a bench runs. */
final class BenchModel {

  @Option(
      names = "--model",
      paramLabel = "DIR",
      required = true,
      description = "Hugging Face directory with config.json and model.safetensors.")
  private Path directory;

  @Mixin private BenchKernels kernels;

  BaseModel load() {
    return BaseModel.load(directory, kernels.load());
  }
}
