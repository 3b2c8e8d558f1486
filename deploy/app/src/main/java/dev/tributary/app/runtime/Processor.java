package dev.tributary.app.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The processor as Linux describes it.
 *
 * @param model its name, or {@code unknown}
 * @param flags its instruction sets in the kernel's spelling, such as {@code avx512_bf16}
 */
public record Processor(String model, Set<String> flags) {

  /** Instruction sets that matter for matrix work, least first, in the kernel's spelling. */
  private static final List<String> OF_INTEREST =
      List.of(
          "avx",
          "avx2",
          "fma",
          "avx512f",
          "avx512bw",
          "avx512_vnni",
          "avx512_bf16",
          "avx512_fp16",
          "avx_vnni",
          "amx_tile",
          "amx_int8",
          "amx_bf16",
          "asimd",
          "sve",
          "bf16",
          "i8mm");

  /** This machine's, from {@code /proc/cpuinfo}; on other systems nothing is known. */
  public static Processor detect() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/cpuinfo")));
    } catch (IOException e) {
      return new Processor("unknown", Set.of());
    }
  }

  static Processor parse(List<String> cpuinfo) {
    return new Processor(
        value(cpuinfo, "model name", "CPU part").orElse("unknown"),
        value(cpuinfo, "flags", "Features").stream()
            .flatMap(line -> Arrays.stream(line.split("\\s+")))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static Optional<String> value(List<String> lines, String name, String otherName) {
    return lines.stream()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .filter(pair -> pair[0].strip().equals(name) || pair[0].strip().equals(otherName))
        .map(pair -> pair[1].strip())
        .findFirst();
  }

  /** Those instruction sets of it that matter here, least first. */
  public List<String> instructionSets() {
    return OF_INTEREST.stream().filter(flags::contains).toList();
  }

  /** Whether bfloat16 is multiplied in hardware, so that it pays to compute in it. */
  public boolean hasFastBfloat16() {
    return flags.contains("amx_bf16") || flags.contains("avx512_bf16");
  }
}
