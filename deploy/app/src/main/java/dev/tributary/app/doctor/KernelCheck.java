package dev.tributary.app.doctor;

import dev.tributary.engine.kernels.choice.KernelChoice;
import java.util.List;

/** Loads the kernels that would compute a model here, native libraries included. */
public final class KernelCheck implements Check {

  private static final String PLAIN_JAVA = "reference";

  @Override
  public List<Finding> run() {
    return List.of(finding(KernelChoice.detect()));
  }

  private static Finding finding(KernelChoice choice) {
    String detail = choice.kernels().name() + ": " + choice.reason();
    if (!choice.fallback()) {
      return Finding.ok("kernels", detail);
    }
    return choice.kernels().name().equals(PLAIN_JAVA)
        ? Finding.broken(
            "kernels",
            detail + "; plain Java is many times slower; this build is for Linux on x86-64")
        : Finding.note("kernels", detail);
  }
}
