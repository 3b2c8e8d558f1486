package dev.tributary.engine.kernels.onednn;

import dev.tributary.engine.tensor.OutOfNativeMemoryException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The part of oneDNN's C interface (oneapi/dnnl/dnnl.h, version 3) that matrix products need. A
 * handle or an address is a plain {@code long}, so that a call allocates nothing; matrices are
 * {@code [rows, columns]} with strides in elements.
 *
 * <p>Initialising this class loads the library, and fails with a {@link LinkageError} where that is
 * not possible. The functions may be called by several threads, on one handle by one at a time.
 */
final class OneDnn {

  static final int FLOAT32 = 3;
  static final int BFLOAT16 = 2;

  /** What a primitive is given, as dnnl_types.h numbers it. */
  static final int SOURCE = 1;

  static final int TARGET = 17;
  static final int WEIGHTS = 33;
  static final int BIAS = 41;
  static final int SCRATCHPAD = 80;

  private static final int CPU = 1;
  private static final int IN_ORDER = 1;

  /** {@code dnnl_BA16a64b}. */
  private static final int PANELS = 506;

  /** {@code dnnl_BA16a64b2a}. */
  private static final int PAIRED_PANELS = 384;

  private static final int SCRATCHPAD_BY_USER = 1;
  private static final int QUERY_SCRATCHPAD = 136;
  private static final int OUT_OF_MEMORY = 1;
  private static final int UNIMPLEMENTED = 3;
  private static final int ISA_AVX2 = 0x7;
  private static final int ISA_AVX512_CORE_BF16 = 0xe7;
  private static final int ISA_AVX512_CORE_AMX = 0xfef;
  private static final int ISA_AVX512_CORE = 0x27;

  private static final OneDnnLibrary LIBRARY = new OneDnnLibrary();

  private static final MethodHandle ISA = LIBRARY.returningInt("dnnl_get_effective_cpu_isa", "");
  private static final MethodHandle NEW_ENGINE = status("engine_create", "pip");
  private static final MethodHandle NEW_STREAM = status("stream_create", "ppi");
  private static final MethodHandle FREE_STREAM = status("stream_destroy", "p");
  private static final MethodHandle NEW_STRIDED =
      status("memory_desc_create_with_strides", "pipip");
  private static final MethodHandle NEW_TAGGED = status("memory_desc_create_with_tag", "pipii");
  private static final MethodHandle FREE_DESC = status("memory_desc_destroy", "p");
  private static final MethodHandle DESC_SIZE =
      LIBRARY.returningLong("dnnl_memory_desc_get_size", "p");
  private static final MethodHandle NEW_ATTRIBUTES = status("primitive_attr_create", "p");
  private static final MethodHandle FREE_ATTRIBUTES = status("primitive_attr_destroy", "p");
  private static final MethodHandle SET_SCRATCHPAD =
      status("primitive_attr_set_scratchpad_mode", "pi");
  private static final MethodHandle SET_POST_OPS = status("primitive_attr_set_post_ops", "pp");
  private static final MethodHandle NEW_POST_OPS = status("post_ops_create", "p");
  private static final MethodHandle APPEND_SUM = status("post_ops_append_sum", "pfii");
  private static final MethodHandle FREE_POST_OPS = status("post_ops_destroy", "p");
  private static final MethodHandle NEW_MATMUL = status("matmul_primitive_desc_create", "ppppppp");
  private static final MethodHandle NEW_REORDER = status("reorder_primitive_desc_create", "pppppp");
  private static final MethodHandle QUERY =
      LIBRARY.returningLong("dnnl_primitive_desc_query_md", "pii");
  private static final MethodHandle FREE_PLAN = status("primitive_desc_destroy", "p");
  private static final MethodHandle NEW_PRIMITIVE = status("primitive_create", "pp");
  private static final MethodHandle EXECUTE = status("primitive_execute", "ppip");
  private static final MethodHandle FREE_PRIMITIVE = status("primitive_destroy", "p");
  private static final MethodHandle NEW_MEMORY = status("memory_create", "pppp");
  private static final MethodHandle SET_DATA = status("memory_set_data_handle", "pp");
  private static final MethodHandle FREE_MEMORY = status("memory_destroy", "p");
  private static final MethodHandle SET_THREADS =
      LIBRARY.returningNothing("omp_set_num_threads", "i");

  private static final long ENGINE =
      made("engine", out -> (int) NEW_ENGINE.invokeExact(out, CPU, 0L));

  private OneDnn() {}

  private static MethodHandle status(String name, String parameters) {
    return LIBRARY.returningInt("dnnl_" + name, parameters);
  }

  /** The best of the instruction sets that matter here: {@code AMX}, {@code AVX-512 BF16}, ... */
  static String instructionSet() {
    int isa = isa();
    if (has(isa, ISA_AVX512_CORE_AMX)) {
      return "AMX";
    }
    if (has(isa, ISA_AVX512_CORE_BF16)) {
      return "AVX-512 BF16";
    }
    return has(isa, ISA_AVX512_CORE) ? "AVX-512" : "AVX2 or less";
  }

  /** Whether packed weights are multiplied as such. */
  static boolean hasFastPanels() {
    return has(isa(), ISA_AVX2);
  }

  /** Whether bfloat16 is multiplied in hardware. */
  static boolean hasFastBfloat16() {
    return has(isa(), ISA_AVX512_CORE_BF16);
  }

  private static boolean has(int isa, int set) {
    return (isa & set) == set;
  }

  private static int isa() {
    try {
      return (int) ISA.invokeExact();
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Lets the calling thread run primitives alone; the threads that share a product are ours. */
  static void useOneThread() {
    try {
      SET_THREADS.invokeExact(1);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long stream() {
    return made("stream", out -> (int) NEW_STREAM.invokeExact(out, ENGINE, IN_ORDER));
  }

  static void freeStream(long stream) {
    free(FREE_STREAM, stream);
  }

  // Descriptions of matrices

  static long strided(int type, long rows, long columns, long rowStride, long columnStride) {
    return withPairs(
        "description",
        rows,
        columns,
        rowStride,
        columnStride,
        (out, sizes, strides) -> (int) NEW_STRIDED.invokeExact(out, 2, sizes, type, strides));
  }

  /** A matrix packed as {@link PackedLayout} says. */
  static long panels(int type, long rows, long columns) {
    int format = type == BFLOAT16 ? PAIRED_PANELS : PANELS;
    return withPairs(
        "description",
        rows,
        columns,
        0,
        0,
        (out, sizes, unused) -> (int) NEW_TAGGED.invokeExact(out, 2, sizes, type, format));
  }

  static void freeDescription(long description) {
    free(FREE_DESC, description);
  }

  static long bytes(long description) {
    try {
      return (long) DESC_SIZE.invokeExact(description);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  // Plans, which oneDNN calls primitive descriptors, and primitives

  /**
   * The plan of {@code target = source weights + bias}, or added to the target.
   *
   * @param bias 0 for none
   */
  static long matmul(long source, long weights, long bias, long target, boolean accumulate) {
    long attributes = attributes(accumulate);
    try {
      return made(
          "matrix product",
          out ->
              (int) NEW_MATMUL.invokeExact(out, ENGINE, source, weights, bias, target, attributes));
    } finally {
      free(FREE_ATTRIBUTES, attributes);
    }
  }

  private static long attributes(boolean accumulate) {
    long attributes = made("attributes", out -> (int) NEW_ATTRIBUTES.invokeExact(out));
    checked("attributes", () -> (int) SET_SCRATCHPAD.invokeExact(attributes, SCRATCHPAD_BY_USER));
    if (accumulate) {
      long sum = made("attributes", out -> (int) NEW_POST_OPS.invokeExact(out));
      checked("attributes", () -> (int) APPEND_SUM.invokeExact(sum, 1f, 0, 0));
      checked("attributes", () -> (int) SET_POST_OPS.invokeExact(attributes, sum));
      free(FREE_POST_OPS, sum);
    }
    return attributes;
  }

  /** The plan of a copy from one type and layout to another. */
  static long reorder(long source, long target) {
    return made(
        "reorder", out -> (int) NEW_REORDER.invokeExact(out, source, ENGINE, target, ENGINE, 0L));
  }

  /** The description of the scratchpad a plan needs; belongs to the plan. */
  static long scratchpadOf(long plan) {
    try {
      return (long) QUERY.invokeExact(plan, QUERY_SCRATCHPAD, 0);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void freePlan(long plan) {
    free(FREE_PLAN, plan);
  }

  /** Makes machine code for a plan, or finds it made: about a millisecond, or a twentieth. */
  static long primitive(long plan) {
    return made("primitive", out -> (int) NEW_PRIMITIVE.invokeExact(out, plan));
  }

  /**
   * Runs a primitive to its end.
   *
   * @param arguments address of {@code count} {@code dnnl_exec_arg_t}
   */
  static void execute(long primitive, long stream, int count, long arguments) {
    try {
      check("a matrix product", (int) EXECUTE.invokeExact(primitive, stream, count, arguments));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void freePrimitive(long primitive) {
    free(FREE_PRIMITIVE, primitive);
  }

  // Memory objects: a description and an address

  static long memory(long description) {
    return made("memory", out -> (int) NEW_MEMORY.invokeExact(out, description, ENGINE, 0L));
  }

  static void setAddress(long memory, long address) {
    try {
      check("memory", (int) SET_DATA.invokeExact(memory, address));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static void freeMemory(long memory) {
    free(FREE_MEMORY, memory);
  }

  // Calling

  @FunctionalInterface
  private interface Call {
    int status() throws Throwable;
  }

  @FunctionalInterface
  private interface Maker {
    int make(long out) throws Throwable;
  }

  @FunctionalInterface
  private interface PairMaker {
    int make(long out, long first, long second) throws Throwable;
  }

  private static long made(String what, Maker maker) {
    return withPairs(what, 0, 0, 0, 0, (out, unused, alsoUnused) -> maker.make(out));
  }

  /** The handle that a function makes from two arrays of two numbers each. */
  private static long withPairs(String what, long a, long b, long c, long d, PairMaker maker) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      long first = arena.allocateFrom(ValueLayout.JAVA_LONG, a, b).address();
      long second = arena.allocateFrom(ValueLayout.JAVA_LONG, c, d).address();
      checked(what, () -> maker.make(out.address(), first, second));
      return out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  private static void free(MethodHandle function, long handle) {
    checked("memory", () -> (int) function.invokeExact(handle));
  }

  private static void checked(String what, Call call) {
    try {
      check(what, call.status());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static void check(String what, int status) {
    switch (status) {
      case 0 -> {}
      case OUT_OF_MEMORY -> throw new OutOfNativeMemoryException("oneDNN: " + what, 0, null);
      case UNIMPLEMENTED ->
          throw new UnsupportedOperationException(
              "oneDNN has no " + what + " of this kind for this processor");
      default ->
          throw new IllegalStateException("oneDNN: " + what + " failed with status " + status);
    }
  }

  private static RuntimeException unexpected(Throwable e) {
    switch (e) {
      case RuntimeException failure -> throw failure;
      case Error error -> throw error;
      default -> throw new IllegalStateException("oneDNN cannot be called", e);
    }
  }
}
