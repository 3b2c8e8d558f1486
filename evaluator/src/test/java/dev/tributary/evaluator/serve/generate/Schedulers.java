package dev.tributary.evaluator.serve.generate;

import dev.tributary.engine.peft.lora.LoraAdapter;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

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

  private record Talker(CountDownLatch gate, CountDownLatch stopped) implements TextGenerator {

    @Override
    public Ending generate(
        Optional<LoraAdapter> adapter, int[] prompt, Draw draw, Predicate<String> onText) {
      try {
        gate.await(20, TimeUnit.SECONDS);
        int tokens = 1;
        while (tokens < draw.maxTokens() && onText.test("word ")) {
          tokens++;
          Thread.sleep(1);
        }
        stopped.countDown();
        return new Ending(tokens, FinishReason.LENGTH);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {}
  }

  private record Breaker() implements TextGenerator {

    @Override
    public Ending generate(
        Optional<LoraAdapter> adapter, int[] prompt, Draw draw, Predicate<String> onText) {
      onText.test("word ");
      throw new IllegalStateException("secret detail");
    }

    @Override
    public void close() {}
  }
}
