package dev.tributary.app.bench;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.choice.KernelChoice;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What computes in a bench. */
final class BenchKernels {

  /** The arithmetic of matrix products. */
  private enum Precision {
    /** Whatever is fastest here. */
    BEST,
    FLOAT32;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Option(
      names = "--precision",
      defaultValue = "best",
      description = "Arithmetic of matrix products: ${COMPLETION-CANDIDATES}.")
  private Precision precision;

  /** Loads them. */
  Kernels load() {
    KernelChoice choice =
        precision == Precision.FLOAT32
            ? KernelChoice.named("onednn-float32")
            : KernelChoice.detect();
    return choice.kernels();
  }
}
