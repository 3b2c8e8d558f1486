package dev.tributary.engine.kernels.choice;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels;
import dev.tributary.engine.kernels.onednn.OneDnnKernels.Precision;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.foundation.error.ConfigException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What computes the model on this machine.
 *
 * @param kernels the implementation
 * @param reason what it is and why this one, for a person to read
 * @param fallback whether it is only there because what was wanted does not work here
 */
public record KernelChoice(Kernels kernels, String reason, boolean fallback) {

  /**
   * Environment variable that asks for certain kernels: {@code onednn} (the default, in the
   * precision that suits the processor), {@code onednn-bf16}, {@code onednn-float32}, {@code nd4j}
   * or {@code reference}.
   */
  public static final String VARIABLE = "TRIBUTARY_KERNELS";

  private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);

  /**
   * One way to compute.
   *
   * @param library what it needs; where that does not load, no other candidate that needs it is
   *     tried
   */
  record Candidate(String name, String library, Supplier<Kernels> maker) {}

  private static final String ONE_DNN = "oneDNN";

  /** Every way, best first. Each is only made, and its libraries loaded, when it is its turn. */
  private static final List<Candidate> CANDIDATES =
      List.of(
          new Candidate("onednn", ONE_DNN, OneDnnKernels::create),
          new Candidate("onednn-bf16", ONE_DNN, () -> oneDnn(Precision.BFLOAT16)),
          new Candidate("onednn-float32", ONE_DNN, () -> oneDnn(Precision.FLOAT32)),
          new Candidate("nd4j", "ND4J", Nd4jKernels::create),
          new Candidate("reference", "Java", ReferenceKernels::new));

  /**
   * Looks at the environment and the machine, loads the kernels for it, and says so in one log
   * line.
   *
   * @throws ConfigException if the environment asks for kernels that do not exist
   */
  public static KernelChoice detect() {
    return choose(System.getenv(VARIABLE), CANDIDATES);
  }

  /**
   * Loads the kernels of that name, or what comes after them where they do not work.
   *
   * @param name as {@link #VARIABLE} takes it
   * @throws ConfigException if there are no such kernels
   */
  public static KernelChoice named(String name) {
    return choose(name, CANDIDATES);
  }

  /**
   * The first that works, from the wanted one on.
   *
   * @param wishOrNull name of a candidate; null for the first
   * @param candidates best first; the last must work everywhere
   */
  static KernelChoice choose(String wishOrNull, List<Candidate> candidates) {
    int first = wishOrNull == null || wishOrNull.isBlank() ? 0 : indexOf(wishOrNull, candidates);
    StringBuilder failures = new StringBuilder();
    Set<String> missing = new HashSet<>();
    for (Candidate candidate : candidates.subList(first, candidates.size() - 1)) {
      if (missing.contains(candidate.library())) {
        continue;
      }
      try {
        return announced(candidate.maker().get(), failures.toString());
      } catch (LinkageError e) {
        missing.add(candidate.library());
        failures.append("; %s does not work here: %s".formatted(candidate.library(), message(e)));
      } catch (RuntimeException e) {
        failures.append("; %s does not work here: %s".formatted(candidate.name(), message(e)));
      }
    }
    return announced(candidates.getLast().maker().get(), failures.toString());
  }

  private static KernelChoice announced(Kernels kernels, String failures) {
    KernelChoice choice =
        new KernelChoice(kernels, kernels.description() + failures, !failures.isEmpty());
    if (choice.fallback) {
      LOG.warn("kernels {}: {}", kernels.name(), choice.reason);
    } else {
      LOG.info("kernels {}: {}", kernels.name(), choice.reason);
    }
    return choice;
  }

  private static int indexOf(String wish, List<Candidate> candidates) {
    List<String> names = candidates.stream().map(Candidate::name).toList();
    int index = names.indexOf(wish.strip());
    if (index < 0) {
      throw ConfigException.of(
          VARIABLE, wish, "use one of %s, or leave it unset".formatted(String.join(", ", names)));
    }
    return index;
  }

  private static String message(Throwable e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  private static Kernels oneDnn(Precision precision) {
    return OneDnnKernels.create(Runtime.getRuntime().availableProcessors(), precision);
  }
}
