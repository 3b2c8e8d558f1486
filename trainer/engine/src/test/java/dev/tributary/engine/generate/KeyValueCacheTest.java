package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.testing.Families;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeyValueCacheTest {

  private static final ModelConfig CONFIG = Families.config(ModelFamily.QWEN3);

  private final KeyValueCache cache = new KeyValueCache(CONFIG, 6, 1000, 1 << 20);

  @AfterEach
  void close() {
    cache.close();
  }

  @Test
  void growsOnlyAsNeededAndKeepsWhatItHolds() {
    cache.reserve(1, 3, 1000);
    long small = cache.bytes();
    mark(0, 3);

    cache.reserve(2, 60, 1000);
    long two = cache.bytes();
    mark(1, 60);
    cache.reserve(2, 65, 1000);
    long longer = cache.bytes();
    cache.reserve(1, 10, 1000);

    assertEquals(2 * small, two);
    assertEquals(2 * two, longer);
    assertEquals(longer, cache.bytes());
    assertMarked(0, 0, 3);
    assertMarked(1, 1, 60);
  }

  @Test
  void neverGrowsBeyondItsPlan() {
    cache.reserve(4, 500, 1000);
    cache.reserve(5, 600, 800);
    long whole = 2L * CONFIG.layers() * 5 * 800 * CONFIG.attention().keyValueWidth() * 4;

    assertTrue(cache.bytes() >= whole && cache.bytes() < whole + 4096, cache.bytes() + " bytes");
    assertThrows(IllegalArgumentException.class, () -> cache.reserve(7, 1, 1000));
    assertThrows(IllegalArgumentException.class, () -> cache.reserve(1, 1001, 1000));
  }

  @Test
  void aTextMovesToAnotherSlot() {
    cache.reserve(3, 20, 1000);
    mark(2, 20);

    cache.copy(2, 0, 20);

    assertMarked(2, 0, 20);
  }

  /** Fills a slot with numbers that tell slot, layer and token. */
  private void mark(int slot, int tokens) {
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      KeyValueRows rows = cache.layer(layer, slot);
      for (int token = 0; token < tokens; token++) {
        rows.keys().set(token, 1, number(slot, layer, token));
        rows.values().set(token, 2, -number(slot, layer, token));
      }
    }
  }

  private void assertMarked(int as, int slot, int tokens) {
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      KeyValueRows rows = cache.layer(layer);
      for (int token = 0; token < tokens; token++) {
        int row = slot * rows.capacity() + token;
        assertEquals(number(as, layer, token), rows.keys().get(row, 1));
        assertEquals(-number(as, layer, token), rows.values().get(row, 2));
      }
    }
  }

  private static float number(int slot, int layer, int token) {
    return 100_000 * slot + 10_000 * layer + token;
  }
}
