package dev.tributary.trainer.loop;

import dev.tributary.engine.data.Encoded;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.train.StepResult;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.trainer.learn.AdapterLearner;
import dev.tributary.trainer.learn.DivergedException;
import dev.tributary.trainer.learn.Learners;
import dev.tributary.trainer.learn.Variation;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import dev.tributary.trainer.testing.Told;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Learners that remember everything: in how many steps each answer of each example was, and a
 * running hash of the exact order. Two histories that differ in anything end in different bytes. An
 * answer is learnt after {@link #LEARNT_AFTER} steps, once and for all.
 */
final class CountingLearners implements Learners {

  static final String POISON = "poison";
  static final int LEARNT_AFTER = 2;

  private static final List<TrainingItem> OWN_ANSWERS =
      List.of(
          own("own-0", "How long may I return an order?", SimulatedLog.answer(0)),
          own("own-1", "How long may one return an order at all?", SimulatedLog.answer(1)),
          own("own-2", "What is the capital of Norway?", "Oslo."));

  private final Duration stepDuration;

  CountingLearners(Duration stepDuration) {
    this.stepDuration = stepDuration;
  }

  static CountingLearners quick() {
    return new CountingLearners(Duration.ZERO);
  }

  /** One token a letter: the prompt given, the completion supervised; at most 32 tokens. */
  static Encoded encode(TrainingExample example) {
    int[] prompt = String.valueOf(example.getPrompt()).chars().toArray();
    int[] target = example.getCompletion().chars().limit(32).toArray();
    boolean truncated = target.length < example.getCompletion().length();
    return new Encoded(TokenizedExample.completion(prompt, target), truncated);
  }

  private static TrainingItem own(String id, String question, String answer) {
    return Told.at(-1).id(id).asked(question).answer(answer).untrusted().time(0).item();
  }

  @Override
  public List<TrainingItem> ownAnswers() {
    return OWN_ANSWERS;
  }

  @Override
  public CountingLearner fresh(long seed) {
    return new CountingLearner(stepDuration, 0, seed, new TreeMap<>());
  }

  @Override
  public CountingLearner restore(byte[] state) throws IOException {
    StateInput in = new StateInput(state);
    long step = in.readLong();
    long chain = in.readLong();
    Map<String, Integer> counts = new TreeMap<>();
    for (int left = in.readCount(8); left > 0; left--) {
      counts.put(in.readString(), in.readInt());
    }
    return new CountingLearner(stepDuration, step, chain, counts);
  }

  @Override
  public Variation variation() {
    return Variation.NONE;
  }

  @Override
  public String baseModel() {
    return "counting";
  }

  @Override
  public String baseModelHash() {
    return "0".repeat(64);
  }

  @Override
  public void close() {}

  static final class CountingLearner implements AdapterLearner {
    private final Duration stepDuration;
    private final Map<String, Integer> counts;
    private long step;
    private long chain;

    CountingLearner(Duration stepDuration, long step, long chain, Map<String, Integer> counts) {
      this.stepDuration = stepDuration;
      this.step = step;
      this.chain = chain;
      this.counts = counts;
    }

    /** In how many steps each example was, by its id and the {@link #answer} it was taught. */
    Map<String, Integer> counts() {
      return Map.copyOf(counts);
    }

    private static String answer(TrainingItem item) {
      return item.exampleId() + " " + item.claim().answer();
    }

    @Override
    public StepResult step(List<TrainingItem> items, double rate) {
      List<Integer> poisoned =
          IntStream.range(0, items.size())
              .filter(i -> items.get(i).exampleId().startsWith(POISON))
              .boxed()
              .toList();
      if (!poisoned.isEmpty()) {
        throw new DivergedException("loss is NaN", poisoned, null);
      }
      LockSupport.parkNanos(stepDuration.toNanos());
      int tokens = 0;
      int supervised = 0;
      Set<String> answers =
          items.stream()
              .map(CountingLearner::answer)
              .collect(Collectors.toCollection(LinkedHashSet::new));
      answers.forEach(answer -> counts.merge(answer, 1, Integer::sum));
      for (TrainingItem item : items) {
        chain = chain * 31 + answer(item).hashCode();
        tokens += item.tokenCount();
        supervised += item.tokens().supervisedCount();
      }
      step++;
      double loss = (chain >>> 40) / 1e6;
      return new StepResult(step, loss * supervised, supervised, tokens, 1.0, 1e-3);
    }

    @Override
    public double[] margins(List<TrainingItem> items) {
      return items.stream()
          .mapToDouble(
              item ->
                  counts.getOrDefault(answer(item), 0) < LEARNT_AFTER
                      ? Double.NEGATIVE_INFINITY
                      : Double.POSITIVE_INFINITY)
          .toArray();
    }

    @Override
    public long step() {
      return step;
    }

    @Override
    public void write(OutputStream out) throws IOException {
      StateOutput state = new StateOutput();
      state.writeLong(step);
      state.writeLong(chain);
      state.writeInt(counts.size());
      counts.forEach(
          (id, count) -> {
            state.writeString(id);
            state.writeInt(count);
          });
      out.write(state.toByteArray());
    }

    @Override
    public void export(Path directory) throws IOException {
      Files.createDirectories(directory);
      Files.writeString(directory.resolve("adapter"), step + " " + chain);
    }
  }
}
