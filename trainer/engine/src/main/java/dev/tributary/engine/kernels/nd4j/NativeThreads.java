package dev.tributary.engine.kernels.nd4j;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;

/**
 * Tells native thread pools, before their libraries load, not to burn the cores others need: idle
 * OpenBLAS threads would spin for some 20 ms after every product, OpenMP ones likewise. Whatever
 * the user has set in the environment stays.
 */
final class NativeThreads {

  /** OpenBLAS counts in powers of two of CPU cycles: about a tenth of a millisecond. */
  private static final Map<String, String> DEFAULTS =
      Map.of("OPENBLAS_THREAD_TIMEOUT", "18", "OMP_WAIT_POLICY", "PASSIVE");

  private NativeThreads() {}

  // Restricted: a wrong signature would crash the process. This is POSIX's setenv(3).
  @SuppressWarnings("restricted")
  static void tame() {
    Linker linker = Linker.nativeLinker();
    linker
        .defaultLookup()
        .find("setenv")
        .ifPresent(
            address ->
                set(
                    linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_INT))));
  }

  private static void set(MethodHandle setenv) {
    try (Arena arena = Arena.ofConfined()) {
      for (Map.Entry<String, String> entry : DEFAULTS.entrySet()) {
        MemorySegment name = arena.allocateFrom(entry.getKey());
        MemorySegment value = arena.allocateFrom(entry.getValue());
        int ignored = (int) setenv.invokeExact(name, value, 0);
      }
    } catch (Throwable e) {
      throw new IllegalStateException("setenv cannot be called", e);
    }
  }
}
