package dev.tributary.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TensorArenaTest {

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
