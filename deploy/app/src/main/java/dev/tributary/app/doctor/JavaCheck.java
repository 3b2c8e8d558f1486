package dev.tributary.app.doctor;

import java.util.List;

/** The Java runtime: its version, and how much heap it may take. */
public final class JavaCheck implements Check {

  private static final int NEEDED = 25;

  @Override
  public List<Finding> run() {
    int feature = Runtime.version().feature();
    String detail =
        "%s (%s), heap up to %d MiB, %d processors"
            .formatted(
                Runtime.version(),
                System.getProperty("java.vendor"),
                Runtime.getRuntime().maxMemory() >> 20,
                Runtime.getRuntime().availableProcessors());
    return List.of(
        feature >= NEEDED
            ? Finding.ok("java", detail)
            : Finding.broken("java", detail + "; install a JDK " + NEEDED));
  }
}
