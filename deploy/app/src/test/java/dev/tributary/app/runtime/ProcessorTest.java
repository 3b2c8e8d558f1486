package dev.tributary.app.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  @Test
  void namesTheInstructionSetsThatMatter() {
    Processor processor =
        Processor.parse(
            List.of(
                "processor\t: 0",
                "model name\t: Some Xeon",
                "flags\t\t: fpu avx avx2 fma avx512f amx_bf16 amx_tile hypervisor",
                "processor\t: 1",
                "model name\t: Some Xeon"));

    assertEquals("Some Xeon", processor.model());
    assertEquals(
        List.of("avx", "avx2", "fma", "avx512f", "amx_tile", "amx_bf16"),
        processor.instructionSets());
    assertTrue(processor.hasFastBfloat16());
  }

  @Test
  void knowsNothingWhereNothingIsSaid() {
    Processor processor = Processor.parse(List.of());

    assertEquals("unknown", processor.model());
    assertEquals(List.of(), processor.instructionSets());
    assertFalse(processor.hasFastBfloat16());
  }
}
