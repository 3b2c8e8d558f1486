package dev.tributary.engine.kernels.onednn;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;

/**
 * Finds functions of oneDNN and of the OpenMP runtime it comes with. Both lie in a jar of JavaCPP's
 * for this platform, whose loader unpacks them into its cache, once a machine.
 */
final class OneDnnLibrary {

  private final SymbolLookup symbols;

  /**
   * @throws UnsatisfiedLinkError if there is no such library for this platform, or it does not load
   */
  OneDnnLibrary() {
    String folder = "/org/bytedeco/dnnl/" + Loader.getPlatform() + "/";
    try {
      // oneDNN looks for OpenMP beside itself, so that has to be unpacked first.
      SymbolLookup openMp = open(folder + "libgomp.so.1");
      symbols = open(folder + "libdnnl.so.3").or(openMp);
    } catch (IOException | IllegalArgumentException e) {
      throw (UnsatisfiedLinkError)
          new UnsatisfiedLinkError("oneDNN does not load: " + e.getMessage()).initCause(e);
    }
  }

  // Restricted: a library that is not what it says would crash the process.
  @SuppressWarnings("restricted")
  private static SymbolLookup open(String resource) throws IOException {
    File file = Loader.cacheResource(OneDnnLibrary.class, resource);
    if (file == null) {
      throw new IOException("there is no " + resource + " on the class path");
    }
    return SymbolLookup.libraryLookup(file.toPath(), Arena.global());
  }

  /** A function that returns an int, which is a status for most. See {@link #parameters}. */
  MethodHandle returningInt(String name, String parameters) {
    return function(name, FunctionDescriptor.of(JAVA_INT, parameters(parameters)));
  }

  /** A function that returns a handle or a size. */
  MethodHandle returningLong(String name, String parameters) {
    return function(name, FunctionDescriptor.of(JAVA_LONG, parameters(parameters)));
  }

  MethodHandle returningNothing(String name, String parameters) {
    return function(name, FunctionDescriptor.ofVoid(parameters(parameters)));
  }

  // Restricted: a wrong signature would crash the process.
  @SuppressWarnings("restricted")
  private MethodHandle function(String name, FunctionDescriptor descriptor) {
    MemorySegment address =
        symbols
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("oneDNN has no function " + name));
    return Linker.nativeLinker().downcallHandle(address, descriptor);
  }

  /** A letter for each: p for a pointer or size_t, i for an int, f for a float. */
  private static MemoryLayout[] parameters(String letters) {
    return letters
        .chars()
        .mapToObj(
            letter ->
                switch (letter) {
                  case 'p' -> JAVA_LONG;
                  case 'i' -> JAVA_INT;
                  case 'f' -> JAVA_FLOAT;
                  default -> throw new IllegalArgumentException(letters);
                })
        .toArray(MemoryLayout[]::new);
  }
}
