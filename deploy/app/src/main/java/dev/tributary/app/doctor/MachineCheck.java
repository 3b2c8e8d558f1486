package dev.tributary.app.doctor;

import dev.tributary.app.runtime.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Processor and memory. */
public final class MachineCheck implements Check {

  private static final long ENOUGH_MIB = 2_048;

  @Override
  public List<Finding> run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(processor(Processor.detect()));
    memory("MemAvailable").ifPresent(mib -> findings.add(memoryFinding(mib)));
    return findings;
  }

  private static Finding processor(Processor processor) {
    String sets = String.join(" ", processor.instructionSets());
    return sets.isEmpty()
        ? Finding.note("processor", processor.model() + ", instruction sets unknown")
        : Finding.ok("processor", processor.model() + ": " + sets);
  }

  private static Finding memoryFinding(long availableMib) {
    String detail =
        "%d MiB available of %d MiB"
            .formatted(availableMib, memory("MemTotal").orElse(availableMib));
    return availableMib >= ENOUGH_MIB
        ? Finding.ok("memory", detail)
        : Finding.note(
            "memory", detail + "; 'tributary up' with the demo model takes about 1.5 GiB");
  }

  private static OptionalLong memory(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(line -> line.startsWith(name + ":"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
