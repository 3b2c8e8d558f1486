package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Schedulers without a model, for tests of what stands in front of them. */
public final class Schedulers {

  private Schedulers() {}

  /** One worker that says words until it is stopped; its first word waits for the gate. */
  public static Scheduler talking(int queueCapacity, CountDownLatch gate, CountDownLatch stopped) {
    return new Scheduler(1, queueCapacity, () -> new Talker(gate, stopped));
  }

  /** One worker that breaks after its first word. */
  public static Scheduler breaking() {
    return new Scheduler(1, 1, Breaker::new);
  }

  /** One text at a time, which says what a step says. */
  private abstract static class OneText implements TextGenerator {

    private Draw draw;
    private Listener listener;

    @Override
    public int maxTexts() {
      return 1;
    }

    @Override
    public int size() {
      return listener == null ? 0 : 1;
    }

    @Override
    public void begin(Optional<LoraAdapter> adapter, int[] prompt, Draw how, Listener hears) {
      draw = how;
      listener = hears;
    }

    @Override
    public void step() {
      step(draw, listener);
    }

    abstract void step(Draw how, Listener hears);

    void end(int tokens) {
      Listener hears = listener;
      listener = null;
      hears.ended(new Ending(tokens, FinishReason.LENGTH));
    }

    @Override
    public void clear() {
      listener = null;
    }

    @Override
    public void close() {}
  }

  private static final class Talker extends OneText {

    private final CountDownLatch gate;
    private final CountDownLatch stopped;
    private int tokens;

    Talker(CountDownLatch gate, CountDownLatch stopped) {
      this.gate = gate;
      this.stopped = stopped;
    }

    @Override
    void step(Draw draw, Listener listener) {
      try {
        gate.await(20, TimeUnit.SECONDS);
        tokens++;
        if (tokens == draw.maxTokens() || !listener.text("word ")) {
          stopped.countDown();
          end(tokens);
          tokens = 0;
        }
        Thread.sleep(1);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static final class Breaker extends OneText {

    @Override
    void step(Draw draw, Listener listener) {
      listener.text("word ");
      throw new IllegalStateException("secret detail");
    }
  }
}
