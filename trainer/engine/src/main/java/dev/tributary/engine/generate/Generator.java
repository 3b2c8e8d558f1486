package dev.tributary.engine.generate;

import dev.tributary.engine.generate.Generation.FinishReason;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.peft.lora.AdapterBinding;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import dev.tributary.foundation.error.BadRecordException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Continues token sequences with a key-value cache; the adapter, if any, is applied unmerged, so
 * each request may bring its own. Memory is planned at construction. For one thread.
 */
public final class Generator implements AutoCloseable {

  private final TensorArena arena;
  private final BatchCheck check;
  private final Transformer transformer;
  private final CausalLanguageModelling head;
  private final KeyValueCache cache;
  private final AdapterBinding binding;
  private final int vocabularySize;
  private final int capacity;
  private final int[] positions;
  private final int[] lastRow = new int[1];

  /**
   * @param maxTokens most tokens of prompt and continuation together; the model's context bounds it
   */
  public Generator(BaseModel model, int maxTokens) {
    capacity = Math.min(maxTokens, model.config().contextLength());
    vocabularySize = model.config().vocabularySize();
    arena = TensorArena.scoped();
    check = new BatchCheck(model.config(), capacity);
    transformer =
        Transformer.forInference(model.config(), model.weights(), model.kernels(), arena, capacity);
    head =
        new CausalLanguageModelling(
            model.config(), model.weights(), model.kernels(), arena, 1, false);
    cache = new KeyValueCache(model.config(), model.kernels(), arena, capacity);
    binding = new AdapterBinding(model, capacity);
    positions = new int[capacity];
  }

  /**
   * @param adapterOrNull null for the base model alone
   * @param prompt at least one token, and fewer than fit
   * @param onToken sees every token as it comes, but not the stop token; false stops
   * @throws BadRecordException {@code empty_prompt}, {@code too_long} or {@code unknown_token}
   */
  public Generation generate(
      LoraAdapter adapterOrNull, int[] prompt, GenerationOptions options, IntPredicate onToken) {
    checkPrompt(prompt);
    Adaptation adaptation = binding.bind(adapterOrNull);
    Sampler sampler = new Sampler(options, vocabularySize);
    cache.clear();
    List<Integer> produced = new ArrayList<>();
    int[] newest = new int[1];
    Tensor logits = advance(prompt, prompt.length, adaptation);
    while (true) {
      int token = sampler.next(logits);
      if (options.stopTokenIds().contains(token)) {
        return new Generation(produced, FinishReason.STOP);
      }
      produced.add(token);
      if (!onToken.test(token)) {
        return new Generation(produced, FinishReason.CANCELLED);
      }
      if (produced.size() == options.maxTokens() || cache.length() == capacity) {
        return new Generation(produced, FinishReason.LENGTH);
      }
      newest[0] = token;
      logits = advance(newest, 1, adaptation);
    }
  }

  /** Runs new tokens through the layers; gives the logits after the last. */
  private Tensor advance(int[] tokens, int count, Adaptation adaptation) {
    for (int i = 0; i < count; i++) {
      positions[i] = cache.length() + i;
    }
    Tensor hidden = transformer.forward(tokens, positions, count, cache, adaptation);
    cache.advance(count);
    lastRow[0] = count - 1;
    return head.logits(hidden, lastRow, 0, 1);
  }

  private void checkPrompt(int[] prompt) {
    if (prompt.length == 0) {
      throw new BadRecordException("empty_prompt", "prompt: there must be at least one token");
    }
    if (prompt.length >= capacity) {
      throw new BadRecordException(
          "too_long",
          "prompt: %d tokens leave no room in a context of %d".formatted(prompt.length, capacity));
    }
    Arrays.stream(prompt).forEach(token -> check.checkToken("prompt", token));
  }

  @Override
  public void close() {
    arena.close();
  }
}
