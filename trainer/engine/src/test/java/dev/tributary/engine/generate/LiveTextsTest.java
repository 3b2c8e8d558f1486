package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.KeyValueRows;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.LinearAdaptation;
import dev.tributary.engine.model.LinearModule;
import dev.tributary.engine.model.ModelConfig;
import dev.tributary.engine.model.ModelFamily;
import dev.tributary.engine.testing.Families;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveTextsTest {

  private static final ModelConfig CONFIG = Families.config(ModelFamily.LLAMA);
  private static final int MOST = 9;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void textsOfOneAdapterStandTogetherAndTakeTheirKeysAlong(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Adaptation> adapters = List.of(Adaptation.NONE, adapter(), adapter(), adapter());
    Map<TextInProgress, Float> numbers = new IdentityHashMap<>();
    try (KeyValueCache cache = new KeyValueCache(CONFIG, MOST, 20, 1 << 20)) {
      cache.reserve(MOST, 20, 20);
      LiveTexts live = new LiveTexts(cache);
      for (int i = 1; i <= 500; i++) {
        if (live.size() == 0 || (live.size() < MOST && random.nextBoolean())) {
          TextInProgress text = text(adapters.get(random.nextInt(adapters.size())));
          live.add(text);
          text.cached(random.nextInt(1, 20));
          numbers.put(text, (float) i);
          write(cache, live.slotOf(text), text.cached(), i);
        } else {
          int slot = random.nextInt(live.size());
          numbers.remove(live.get(slot));
          live.remove(slot);
        }
        assertTogether(live);
        assertEquals(numbers.size(), live.size());
        for (int slot = 0; slot < live.size(); slot++) {
          TextInProgress text = live.get(slot);
          assertEquals(numbers.get(text), read(cache, slot, text.cached()));
        }
      }
    }
  }

  private static void assertTogether(LiveTexts live) {
    Set<Adaptation> seen = new HashSet<>();
    for (int slot = 0; slot < live.size(); slot++) {
      Adaptation adaptation = live.get(slot).adaptation();
      if (!seen.add(adaptation)) {
        assertSame(adaptation, live.get(slot - 1).adaptation(), "slot " + slot);
      }
    }
  }

  private static void write(KeyValueCache cache, int slot, int tokens, float number) {
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      KeyValueRows rows = cache.layer(layer, slot);
      for (int token = 0; token < tokens; token++) {
        rows.keys().set(token, 0, number);
        rows.values().set(token, 0, number);
      }
    }
  }

  /** The number that all rows of a slot hold. */
  private static float read(KeyValueCache cache, int slot, int tokens) {
    Set<Float> numbers = new HashSet<>();
    for (int layer = 0; layer < CONFIG.layers(); layer++) {
      KeyValueRows rows = cache.layer(layer, slot);
      for (int token = 0; token < tokens; token++) {
        numbers.add(rows.keys().get(token, 0));
        numbers.add(rows.values().get(token, 0));
      }
    }
    assertTrue(numbers.size() == 1, () -> "mixed rows: " + numbers);
    return numbers.iterator().next();
  }

  private static TextInProgress text(Adaptation adaptation) {
    return new TextInProgress(null, null, adaptation, null, 20);
  }

  private static Adaptation adapter() {
    return new Adaptation() {
      @Override
      public int lowestLayer() {
        return 0;
      }

      @Override
      public LinearAdaptation linear(int layer, LinearModule module) {
        return LinearAdaptation.NONE;
      }
    };
  }
}
