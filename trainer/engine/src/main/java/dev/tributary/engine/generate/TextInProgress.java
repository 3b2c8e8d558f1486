package dev.tributary.engine.generate;

import dev.tributary.engine.generate.Generation.FinishReason;
import dev.tributary.engine.model.Adaptation;
import dev.tributary.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** One text of a batch: what it has so far, and when it ends. */
final class TextInProgress {

  private final GenerationRequest request;
  private final GenerationListener listener;
  private final Adaptation adaptation;
  private final Sampler sampler;
  private final int capacity;
  private final List<Integer> produced = new ArrayList<>();
  private int cached;
  private int newest;
  private boolean ended;

  /**
   * @param capacity most tokens in the cache
   */
  TextInProgress(
      GenerationRequest request,
      GenerationListener listener,
      Adaptation adaptation,
      Sampler sampler,
      int capacity) {
    this.request = request;
    this.listener = listener;
    this.adaptation = adaptation;
    this.sampler = sampler;
    this.capacity = capacity;
  }

  int[] prompt() {
    return request.prompt();
  }

  /** Most tokens it can come to have in the cache. */
  int maxLength() {
    return (int) Math.min(capacity, (long) prompt().length + request.options().maxTokens());
  }

  Adaptation adaptation() {
    return adaptation;
  }

  /** Tokens that went through the layers. */
  int cached() {
    return cached;
  }

  void cached(int more) {
    cached += more;
  }

  /** The token that has not gone through the layers yet. */
  int newest() {
    return newest;
  }

  /** Whether the listener heard the last of this text. */
  boolean isEnded() {
    return ended;
  }

  /** Chooses the next token. */
  void advance(Tensor logits, int row) {
    try {
      newest = sampler.next(logits, row);
      if (request.options().stopTokenIds().contains(newest)) {
        end(FinishReason.STOP);
        return;
      }
      produced.add(newest);
      if (!listener.accept(newest)) {
        end(FinishReason.CANCELLED);
      } else if (produced.size() == request.options().maxTokens() || cached == capacity) {
        end(FinishReason.LENGTH);
      }
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void end(FinishReason reason) {
    ended = true;
    try {
      listener.ended(new Generation(produced, reason));
    } catch (RuntimeException e) {
      listener.failed(e);
    }
  }

  /** Ends a text that cannot be completed, unless it has ended. */
  void fail(RuntimeException cause) {
    if (!ended) {
      ended = true;
      listener.failed(cause);
    }
  }
}
