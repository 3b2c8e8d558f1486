package dev.tributary.app.doctor;

import dev.tributary.app.runtime.KernelChoice;
import java.util.List;

/** Loads the kernels that would compute a model here, native libraries included. */
public final class KernelCheck implements Check {

  @Override
  public List<Finding> run() {
    KernelChoice choice = KernelChoice.detect();
    String detail = choice.kernels().name() + ": " + choice.reason();
    return List.of(
        choice.fallback()
            ? Finding.broken("kernels", detail + "; this build is for Linux on x86-64")
            : Finding.ok("kernels", detail));
  }
}
