package dev.tributary.engine.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Zeroed memory of which the system provides each page when it is first written, by C's calloc(3).
 * An arena's own is written with zeros at once, so it all takes room. Safe for use by several
 * threads.
 */
final class ZeroPages {

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Optional<MethodHandle> CALLOC =
      function(
          "calloc",
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG));
  private static final Optional<MethodHandle> FREE =
      function("free", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG));

  private ZeroPages() {}

  /**
   * Memory that lives as long as the arena.
   *
   * @param alignment a power of two
   * @throws OutOfMemoryError if there is not so much
   */
  // Restricted: the segment's size is what calloc was asked for, and it is freed once.
  @SuppressWarnings("restricted")
  static MemorySegment allocate(Arena arena, long bytes, long alignment) {
    if (CALLOC.isEmpty() || FREE.isEmpty()) {
      return arena.allocate(bytes, alignment);
    }
    long start = calloc(bytes + alignment);
    if (start == 0) {
      throw new OutOfMemoryError("calloc has no " + bytes + " bytes");
    }
    long aligned = (start + alignment - 1) & -alignment;
    return MemorySegment.ofAddress(aligned).reinterpret(bytes, arena, segment -> free(start));
  }

  private static long calloc(long bytes) {
    try {
      return (long) CALLOC.orElseThrow().invokeExact(1L, bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("calloc cannot be called", e);
    }
  }

  private static void free(long address) {
    try {
      FREE.orElseThrow().invokeExact(address);
    } catch (Throwable e) {
      throw new IllegalStateException("free cannot be called", e);
    }
  }

  // Restricted: a wrong signature would crash the process. These are the C standard's.
  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> function(String name, FunctionDescriptor signature) {
    SymbolLookup library = LINKER.defaultLookup();
    return library.find(name).map(address -> LINKER.downcallHandle(address, signature));
  }
}
