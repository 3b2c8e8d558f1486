package dev.tributary.engine.kernels.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Bfloat16Test {

  @ParameterizedTest
  @CsvSource({
    // bits of a float32, and of its bfloat16 as torch rounds it
    "00000000, 0000",
    "80000000, 8000",
    "3f800000, 3f80",
    "3f808000, 3f80", // a tie goes to the even one below
    "3f818000, 3f82", // and to the even one above
    "3f808001, 3f81",
    "3f807fff, 3f80",
    "7f7fffff, 7f80", // the largest float32 becomes infinity
    "7f800000, 7f80",
    "ff800000, ff80",
    "7fc00000, 7fc0",
    "7f800001, 7fc0", // a signalling NaN stays a NaN
    "ffffffff, ffff",
    "00000001, 0000",
    "00018000, 0002"
  })
  void roundsToTheNearestTiesToEven(String float32, String expected) {
    float value = Float.intBitsToFloat(Integer.parseUnsignedInt(float32, 16));

    assertEquals(Integer.parseInt(expected, 16), Bfloat16.of(value) & 0xffff);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 100})
  void vectorsGiveWhatOneAtATimeGives(int count) {
    SplittableRandom random = new SplittableRandom(count);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment from = arena.allocate(4L * (count + 3));
      MemorySegment to = arena.allocate(2L * (count + 5));
      for (int i = 0; i < count; i++) {
        from.setAtIndex(ValueLayout.JAVA_INT, 3 + i, random.nextInt());
      }

      Bfloat16.convert(from, 3, 0.5f, to, 4, count);

      for (int i = 0; i < count; i++) {
        float value = 0.5f * from.getAtIndex(ValueLayout.JAVA_FLOAT, 3 + i);
        short actual = to.getAtIndex(ValueLayout.JAVA_SHORT, 2 + i);
        if (Float.isNaN(value)) {
          assertTrue(Float.isNaN(Float.intBitsToFloat(actual << 16)));
        } else {
          assertEquals(Bfloat16.of(value), actual, "element " + i);
        }
      }
      assertEquals(0, to.getAtIndex(ValueLayout.JAVA_SHORT, 1));
      assertEquals(0, to.getAtIndex(ValueLayout.JAVA_SHORT, 2 + count));
    }
  }

  @Test
  void whatIsABfloat16AlreadyStays() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Float.intBitsToFloat(bits << 16);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Bfloat16.of(value));
      }
    }
  }
}
