package dev.tributary.app.bench;

import dev.tributary.app.tune.ModelTask;
import dev.tributary.engine.kernels.Kernels;
import java.nio.file.Path;
import java.util.Optional;
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

  /** The model with the classes it was saved with, if any; nothing of its weights is loaded. */
  ModelTask task() {
    return ModelTask.toScore(directory, Optional.empty());
  }

  Kernels loadKernels() {
    return kernels.load();
  }
}
