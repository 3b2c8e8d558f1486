package dev.tributary.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorArenaTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 1_000, 1_000_003})
  void tensorsAreZerosOnACacheLine(int size) {
    // the largest comes page by page
    for (int i = 0; i < 3; i++) {
      try (TensorArena arena = TensorArena.scoped()) {
        Tensor tensor = arena.vector(size);

        assertEquals(0, tensor.memory().address() % TensorArena.ALIGNMENT);
        for (long at = 0; at < size; at++) {
          assertEquals(0, tensor.get(at));
        }
        tensor.set(size - 1, i);
        tensor.set(0, i);
      }
    }
  }

  @Test
  void closedMemoryIsGone() {
    TensorArena arena = TensorArena.scoped();
    Tensor large = arena.vector(1 << 20);

    arena.close();

    assertThrows(IllegalStateException.class, () -> large.get(0));
  }

  @Test
  void moreThanThereIsIsRefusedWithWhatWasAskedForAndWhatThereIs() {
    try (TensorArena arena = TensorArena.scoped()) {
      OutOfNativeMemoryException e =
          assertThrows(
              OutOfNativeMemoryException.class, () -> arena.tensor(1 << 20, Integer.MAX_VALUE));

      assertTrue(e.getMessage().contains("[1048576, 2147483647]"), e::getMessage);
      assertTrue(e.getMessage().contains("8589934588.0 MiB asked for"), e::getMessage);
      assertTrue(e.getMessage().contains("available"), e::getMessage);
      assertEquals(0, arena.bytes());
    }
  }
}
