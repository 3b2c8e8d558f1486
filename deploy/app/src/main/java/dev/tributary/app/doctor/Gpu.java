package dev.tributary.app.doctor;

/**
 * A graphics processor.
 *
 * @param memoryMib its memory
 * @param major compute capability before the dot
 * @param minor after it
 */
public record Gpu(String name, long memoryMib, int major, int minor) {

  /**
   * Whether ND4J's CUDA backend has code for it: its artefacts hold machine code up to 8.6, which
   * 8.9 runs too, and none that could be translated for newer ones.
   */
  boolean suitsNd4jCuda() {
    return major < 9;
  }

  String describe() {
    return "%s, %d MiB, compute capability %d.%d".formatted(name, memoryMib, major, minor);
  }
}
