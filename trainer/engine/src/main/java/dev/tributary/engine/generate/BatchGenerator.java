package dev.tributary.engine.generate;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.objective.BatchCheck;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * Continues several texts at once, each step one token of each: the weights are read once for all
 * of them. Texts join between steps and leave when they end, so long ones do not hold up short
 * ones; each has its own adapter, which is applied unmerged, options and seed. On kernels whose
 * results do not depend on the number of rows, a text is what it would be alone; others may round
 * differently, and so, rarely, choose differently. For one thread.
 */
public final class BatchGenerator implements AutoCloseable {

  /** A longer prompt goes through the layers in pieces of this size. */
  private static final int PROMPT_TOKENS = 512;

  /** Most memory of the keys and values of more than one text: 2 GiB. */
  private static final long CACHE_BYTES = 2L << 30;

  private final int capacity;
  private final int maxTexts;
  private final BatchCheck check;
  private final BoundAdapters adapters;
  private final Sampler.Scratch scratch;
  private final TextPasses passes;
  private final LiveTexts live;
  private final Deque<TextInProgress> waiting = new ArrayDeque<>();

  /**
   * @param maxTokens most tokens of prompt and continuation together; the model's context bounds it
   * @param maxTexts most texts at once; more wait for their turn, and so do texts whose keys and
   *     values might not fit in 2 GiB beside the others
   * @throws ConfigException if the model does not predict tokens
   */
  public BatchGenerator(BaseModel model, int maxTokens, int maxTexts) {
    this(model, maxTokens, maxTexts, PROMPT_TOKENS, CACHE_BYTES);
  }

  /**
   * @param promptTokens most prompt tokens of one pass
   * @param cacheBytes most memory of the keys and values of more than one text
   */
  BatchGenerator(BaseModel model, int maxTokens, int maxTexts, int promptTokens, long cacheBytes) {
    if (model.config().isClassifier() || !model.config().attention().causal()) {
      throw ConfigException.of(
          "model_type",
          model.config().modelType(),
          "generation needs a language model; a classifier's answers come from 'score'");
    }
    if (maxTexts < 1) {
      throw ConfigException.of("batch_size", maxTexts, "use a whole number of at least 1");
    }
    this.capacity = Math.min(maxTokens, model.config().contextLength());
    this.maxTexts = maxTexts;
    this.check = new BatchCheck(model.config());
    this.passes = new TextPasses(model, capacity, maxTexts, promptTokens, cacheBytes);
    this.live = passes.live();
    this.adapters = new BoundAdapters(model, passes.maxTokens(), Math.max(8, maxTexts));
    this.scratch = passes.samplerScratch();
  }

  /**
   * Lets a text join at the next step with room for it.
   *
   * @throws BadRecordException {@code empty_prompt}, {@code too_long} or {@code unknown_token}
   */
  public void add(GenerationRequest request, GenerationListener listener) {
    checkPrompt(request.prompt());
    waiting.add(
        new TextInProgress(
            request,
            listener,
            adapters.bind(request.adapterOrNull()),
            new Sampler(request.options(), scratch),
            capacity));
  }

  /** Texts that have not ended, those that wait for room included. */
  public int size() {
    return live.size() + waiting.size();
  }

  /** Most texts at once. */
  public int maxTexts() {
    return maxTexts;
  }

  /** Makes one token of every text. Does nothing if there is none. */
  public void step() {
    if (live.size() > 0) {
      passes.decode();
    }
    boolean begun;
    do {
      begun = passes.begin(waiting);
    } while (begun);
  }

  /** Gives up all texts; their listeners hear nothing more. */
  public void clear() {
    waiting.clear();
    live.clear();
  }

  /**
   * Makes all of these texts.
   *
   * @return in the order of the requests
   * @throws BadRecordException as {@link #add}; then nothing was made
   */
  public List<Generation> generate(List<GenerationRequest> requests) {
    requests.forEach(request -> checkPrompt(request.prompt()));
    List<Result> results = new ArrayList<>();
    for (GenerationRequest request : requests) {
      Result result = new Result(token -> true);
      add(request, result);
      results.add(result);
    }
    runToEnd();
    return results.stream().map(Result::generation).toList();
  }

  /** Makes one text; the listener as in {@link Generator#generate}. */
  Generation generate(GenerationRequest request, IntPredicate onToken) {
    Result result = new Result(onToken);
    add(request, result);
    runToEnd();
    return result.generation();
  }

  private void runToEnd() {
    while (size() > 0) {
      step();
    }
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

  /** Keeps how a text ended. */
  private static final class Result implements GenerationListener {

    private final IntPredicate onToken;
    private Generation generation;
    private RuntimeException failure;

    Result(IntPredicate onToken) {
      this.onToken = onToken;
    }

    @Override
    public boolean accept(int token) {
      return onToken.test(token);
    }

    @Override
    public void ended(Generation whole) {
      generation = whole;
    }

    @Override
    public void failed(RuntimeException cause) {
      failure = cause;
    }

    Generation generation() {
      if (failure != null) {
        throw failure;
      }
      return generation;
    }
  }

  @Override
  public void close() {
    passes.close();
  }
}
