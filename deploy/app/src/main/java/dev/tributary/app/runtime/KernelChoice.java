package dev.tributary.app.runtime;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.Nd4jKernels;
import dev.tributary.engine.kernels.ReferenceKernels;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What computes the model on this machine.
 *
 * @param kernels the implementation
 * @param reason why this one, for a person to read
 * @param fallback whether it is only there because the fast ones do not load
 */
public record KernelChoice(Kernels kernels, String reason, boolean fallback) {

  private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);

  /** Looks at the machine, loads the kernels for it, and says so in one log line. */
  public static KernelChoice detect() {
    KernelChoice choice = choose(Processor.detect());
    if (choice.fallback) {
      LOG.warn("kernels {}: {}", choice.kernels.name(), choice.reason);
    } else {
      LOG.info("kernels {}: {}", choice.kernels.name(), choice.reason);
    }
    return choice;
  }

  private static KernelChoice choose(Processor processor) {
    try {
      return new KernelChoice(Nd4jKernels.create(), reason(processor), false);
    } catch (LinkageError | RuntimeException e) {
      return new KernelChoice(
          new ReferenceKernels(),
          "plain Java, many times slower, because ND4J's native library does not load (%s)"
              .formatted(e),
          true);
    }
  }

  private static String reason(Processor processor) {
    String float32 = "float32 matrix products by OpenBLAS through ND4J, the rest by the Vector API";
    return processor.hasFastBfloat16()
        ? float32
            + "; this processor's bfloat16 units are not used, because ND4J's bfloat16 products are"
            + " slow and inexact"
        : float32 + "; this processor has no bfloat16 units";
  }
}
