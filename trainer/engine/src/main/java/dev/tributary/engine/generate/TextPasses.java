package dev.tributary.engine.generate;

import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.Transformer;
import dev.tributary.engine.objective.CausalLanguageModelling;
import dev.tributary.engine.tensor.Tensor;
import dev.tributary.engine.tensor.TensorArena;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/**
 * The passes through the layers that generation is made of: prompts, several packed into one pass,
 * and then one token of every live text a pass. The head sees last tokens only. Memory for passes
 * is planned at construction; that of the cache grows. For one thread.
 */
final class TextPasses implements AutoCloseable {

  private final TensorArena arena = TensorArena.scoped();
  private final BaseModel model;
  private final int maxTokens;
  private final int maxTexts;
  private final Transformer transformer;
  private final CausalLanguageModelling head;
  private final KeyValueCache cache;
  private final LiveTexts live;
  private final PassTokens pass;
  private final int[] slots;
  private final DecodeAttention decodeAttention;
  private final PromptAttention promptAttention;
  private final List<Adaptation> adaptations = new ArrayList<>();
  private final List<TextInProgress> texts = new ArrayList<>();
  private Adaptation decodeMix;

  /**
   * @param capacity most tokens of one text
   * @param promptTokens most prompt tokens of a pass; a longer prompt goes through in pieces
   * @param cacheBytes most memory of the cache for more than one text
   */
  TextPasses(BaseModel model, int capacity, int maxTexts, int promptTokens, long cacheBytes) {
    this.model = model;
    this.maxTokens = Math.max(maxTexts, Math.min(capacity, promptTokens));
    this.transformer =
        Transformer.forInference(
            model.config(), model.weights(), model.kernels(), arena, maxTokens);
    this.head =
        new CausalLanguageModelling(
            model.config(), model.weights(), model.kernels(), arena, maxTexts, false);
    this.cache = new KeyValueCache(model.config(), maxTexts, capacity, cacheBytes);
    this.maxTexts = maxTexts;
    this.live = new LiveTexts(cache);
    this.pass = new PassTokens(maxTokens, maxTexts);
    this.slots = new int[maxTexts];
    this.decodeAttention =
        new DecodeAttention(model.kernels(), model.config().attention(), cache, pass);
    this.promptAttention =
        new PromptAttention(model.kernels(), model.config().attention(), cache, pass, slots);
  }

  LiveTexts live() {
    return live;
  }

  /** Most tokens of one pass. */
  int maxTokens() {
    return maxTokens;
  }

  Sampler.Scratch samplerScratch() {
    return Sampler.Scratch.plan(arena, model.config().vocabularySize());
  }

  /** One token of every live text. */
  void decode() {
    pass.clear();
    texts.clear();
    int longest = 0;
    for (int slot = 0; slot < live.size(); slot++) {
      TextInProgress text = live.get(slot);
      pass.add(text.cached(), text.newest());
      texts.add(text);
      longest = Math.max(longest, text.cached());
    }
    try {
      cache.reserve(live.size(), longest + 1, live.maxLength());
      Tensor hidden =
          transformer.forward(
              pass.tokens(), pass.positions(), pass.count(), decodeAttention, decodeMix());
      texts.forEach(text -> text.cached(1));
      advance(hidden);
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  /**
   * Takes waiting texts, as many as there is room for and as prompts fit into one pass, and makes
   * their first tokens.
   *
   * @return whether any was taken
   */
  boolean begin(Queue<TextInProgress> waiting) {
    choose(waiting);
    if (texts.isEmpty()) {
      return false;
    }
    try {
      int longest = texts.stream().mapToInt(text -> text.prompt().length).max().orElseThrow();
      int most = texts.stream().mapToInt(TextInProgress::maxLength).max().orElseThrow();
      cache.reserve(live.size() + texts.size(), longest, Math.max(most, live.maxLength()));
      texts.forEach(live::add);
      decodeMix = null;
      texts.sort((a, b) -> Integer.compare(live.slotOf(a), live.slotOf(b)));
      advance(readPrompts());
    } catch (RuntimeException e) {
      fail(e);
    }
    return true;
  }

  private void choose(Queue<TextInProgress> waiting) {
    texts.clear();
    int tokens = 0;
    int longest = live.maxLength();
    while (!waiting.isEmpty() && live.size() + texts.size() < maxTexts) {
      TextInProgress next = waiting.peek();
      tokens += next.prompt().length;
      longest = Math.max(longest, next.maxLength());
      boolean fitsIntoPass = texts.isEmpty() || tokens <= maxTokens;
      if (!fitsIntoPass || !cache.allows(live.size() + texts.size() + 1, longest)) {
        break;
      }
      texts.add(waiting.remove());
    }
  }

  /** Runs the prompts of {@link #texts}; gives what the head needs, pass holding the last piece. */
  private Tensor readPrompts() {
    for (int i = 0; i < texts.size(); i++) {
      slots[i] = live.slotOf(texts.get(i));
    }
    if (texts.size() > 1) {
      pass.clear();
      texts.forEach(text -> pass.add(0, text.prompt(), 0, text.prompt().length));
      return readPiece();
    }
    TextInProgress text = texts.getFirst();
    Tensor hidden = null;
    for (int from = 0; from < text.prompt().length; from += maxTokens) {
      pass.clear();
      pass.add(from, text.prompt(), from, Math.min(text.prompt().length, from + maxTokens));
      hidden = readPiece();
    }
    return hidden;
  }

  private Tensor readPiece() {
    Adaptation mix = mix();
    Tensor hidden =
        transformer.forward(pass.tokens(), pass.positions(), pass.count(), promptAttention, mix);
    for (int i = 0; i < texts.size(); i++) {
      texts.get(i).cached(pass.starts()[i + 1] - pass.starts()[i]);
    }
    return hidden;
  }

  /** Chooses the next token of the texts of this pass; those that end leave. */
  private void advance(Tensor hidden) {
    for (int from = 0; from < texts.size(); from += head.maxRows()) {
      int n = Math.min(head.maxRows(), texts.size() - from);
      Tensor logits = head.logits(hidden, pass.lastRows(), from, n);
      for (int i = 0; i < n; i++) {
        texts.get(from + i).advance(logits, i);
      }
    }
    leave();
  }

  private void fail(RuntimeException cause) {
    texts.forEach(text -> text.fail(cause));
    leave();
  }

  /** Takes texts that ended out. */
  private void leave() {
    for (TextInProgress text : texts) {
      int slot = text.isEnded() ? live.slotOf(text) : -1;
      if (slot >= 0) {
        live.remove(slot);
        decodeMix = null;
      }
    }
    texts.clear();
  }

  private Adaptation decodeMix() {
    if (decodeMix == null) {
      decodeMix = mix();
    }
    return decodeMix;
  }

  /** What adapts the rows of the pass. */
  private Adaptation mix() {
    adaptations.clear();
    texts.forEach(text -> adaptations.add(text.adaptation()));
    return AdaptationMix.of(adaptations, pass.starts());
  }

  @Override
  public void close() {
    cache.close();
    arena.close();
  }
}
