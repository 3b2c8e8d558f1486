package dev.tributary.app.doctor;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks NVIDIA's driver which GPUs there are, through {@code libcuda} alone: no CUDA toolkit is
 * needed, and no ND4J class is loaded, whose CUDA backend must not be on new GPUs. For one thread.
 */
@SuppressWarnings("restricted") // Calling native code is the point here; the launcher allows it.
final class CudaDriver implements AutoCloseable {

  /** {@code CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR} and {@code _MINOR}. */
  private static final int CAPABILITY_MAJOR = 75;

  private static final int CAPABILITY_MINOR = 76;
  private static final int NAME_BYTES = 256;

  private final Arena arena = Arena.ofConfined();
  private final SymbolLookup library;

  /**
   * @throws IllegalArgumentException if the driver's library is not installed
   */
  CudaDriver() {
    try {
      library = SymbolLookup.libraryLookup("libcuda.so.1", arena);
    } catch (IllegalArgumentException e) {
      arena.close();
      throw e;
    }
  }

  /**
   * @throws CudaException if the driver is there but does not work
   */
  List<Gpu> gpus() {
    call("cuInit", function(ValueLayout.JAVA_INT), 0);
    MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
    call("cuDeviceGetCount", function(ValueLayout.ADDRESS), number);
    int count = number.get(ValueLayout.JAVA_INT, 0);
    List<Gpu> gpus = new ArrayList<>();
    for (int ordinal = 0; ordinal < count; ordinal++) {
      gpus.add(gpu(ordinal));
    }
    return gpus;
  }

  private Gpu gpu(int ordinal) {
    MemorySegment device = arena.allocate(ValueLayout.JAVA_INT);
    call("cuDeviceGet", function(ValueLayout.ADDRESS, ValueLayout.JAVA_INT), device, ordinal);
    int handle = device.get(ValueLayout.JAVA_INT, 0);

    MemorySegment name = arena.allocate(NAME_BYTES);
    call(
        "cuDeviceGetName",
        function(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
        name,
        NAME_BYTES,
        handle);
    MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
    call("cuDeviceTotalMem_v2", function(ValueLayout.ADDRESS, ValueLayout.JAVA_INT), bytes, handle);
    return new Gpu(
        name.getString(0),
        bytes.get(ValueLayout.JAVA_LONG, 0) >> 20,
        attribute(handle, CAPABILITY_MAJOR),
        attribute(handle, CAPABILITY_MINOR));
  }

  private int attribute(int handle, int attribute) {
    MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
    call(
        "cuDeviceGetAttribute",
        function(ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
        value,
        attribute,
        handle);
    return value.get(ValueLayout.JAVA_INT, 0);
  }

  private static FunctionDescriptor function(ValueLayout... parameters) {
    return FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters);
  }

  private void call(String name, FunctionDescriptor type, Object... arguments) {
    MethodHandle handle = Linker.nativeLinker().downcallHandle(library.findOrThrow(name), type);
    int result;
    try {
      result = (int) handle.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException("calling " + name + " failed", e);
    }
    if (result != 0) {
      throw new CudaException(name, result);
    }
  }

  @Override
  public void close() {
    arena.close();
  }

  /** The driver answered with an error code. */
  static final class CudaException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private static final int NO_DEVICE = 100;

    private final int code;

    CudaException(String function, int code) {
      super("%s answered %d (a CUresult)".formatted(function, code));
      this.code = code;
    }

    boolean meansNoDevice() {
      return code == NO_DEVICE;
    }
  }
}
