package dev.tributary.engine.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.engine.generate.Generation.FinishReason;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GeneratorTest {

  private final BaseModel model = SmallModel.create();
  private final Generator generator = new Generator(model, 100);

  @AfterEach
  void close() {
    generator.close();
  }

  @Test
  void stopsBeforeTheStopTokenAtTheLimitAtTheEndOfTheContextAndWhenTold() {
    List<Integer> free = greedy(8).tokens();
    int third = free.get(2);
    int firstOfIt = free.indexOf(third);

    Generation stopped =
        generator.generate(
            null, prompt(), GenerationOptions.greedy(8, Set.of(third)), token -> true);
    Generation full =
        generator.generate(null, prompt(), GenerationOptions.greedy(99, Set.of()), t -> true);
    List<Integer> heard = new ArrayList<>();
    Generation cancelled =
        generator.generate(
            null,
            prompt(),
            GenerationOptions.greedy(8, Set.of()),
            token -> heard.add(token) && heard.size() < 2);

    assertEquals(new Generation(free, FinishReason.LENGTH), greedy(8));
    assertEquals(new Generation(free.subList(0, firstOfIt), FinishReason.STOP), stopped);
    // The last token is drawn when the cache holds all 24 of the context before it.
    assertEquals(24 - prompt().length + 1, full.tokens().size());
    assertEquals(FinishReason.LENGTH, full.reason());
    assertEquals(new Generation(free.subList(0, 2), FinishReason.CANCELLED), cancelled);
    assertEquals(free.subList(0, 2), heard);
  }

  @Test
  void aSeedGivesItsTextAgainAndOthersGiveOthers() {
    List<Integer> once = sampled(1);
    List<Integer> again = sampled(1);
    List<Integer> other = sampled(2);

    assertEquals(once, again);
    assertNotEquals(once, other);
  }

  @Test
  void adaptersOfDifferentRanksServeInTurnOnOneBase() {
    LoraAdapter small = adapter(2, 1);
    LoraAdapter large = adapter(9, 2);
    GenerationOptions options = GenerationOptions.greedy(8, Set.of());

    List<Integer> base = greedy(8).tokens();
    List<Integer> first = generator.generate(small, prompt(), options, t -> true).tokens();
    List<Integer> second = generator.generate(large, prompt(), options, t -> true).tokens();

    assertNotEquals(base, first);
    assertNotEquals(first, second);
    assertEquals(base, greedy(8).tokens());
    assertEquals(first, generator.generate(small, prompt(), options, t -> true).tokens());
  }

  @Test
  void promptsItCannotTakeAreRefusedByReason() {
    assertEquals("empty_prompt", refusal(new int[0]));
    assertEquals("too_long", refusal(new int[24]));
    assertEquals("unknown_token", refusal(new int[] {1, 89}));
    assertEquals("unknown_token", refusal(new int[] {-1}));
  }

  private String refusal(int[] prompt) {
    return assertThrows(
            BadRecordException.class,
            () ->
                generator.generate(null, prompt, GenerationOptions.greedy(1, Set.of()), t -> true))
        .reason();
  }

  private Generation greedy(int maxTokens) {
    return generator.generate(
        null, prompt(), GenerationOptions.greedy(maxTokens, Set.of()), token -> true);
  }

  private List<Integer> sampled(long seed) {
    GenerationOptions options = new GenerationOptions(12, 1, 0.9, Set.of(), seed);
    return generator.generate(null, prompt(), options, token -> true).tokens();
  }

  private LoraAdapter adapter(int r, long seed) {
    LoraAdapter adapter =
        LoraAdapter.fresh(
            model.config(), new LoraConfig(r, 64, 0.5, List.of(LoraConfig.ALL_LINEAR)), seed);
    adapter
        .tensors()
        .forEach(
            (name, tensor) -> {
              for (int i = 0; i < tensor.size(); i++) {
                tensor.set(i, (float) Math.sin(seed + name.hashCode() + 7 * i) / 8);
              }
            });
    return adapter;
  }

  private static int[] prompt() {
    return new int[] {5, 17, 60};
  }
}
