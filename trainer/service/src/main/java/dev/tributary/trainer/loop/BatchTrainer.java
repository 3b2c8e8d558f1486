package dev.tributary.trainer.loop;

import dev.tributary.engine.train.StepResult;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.pack.MicroBatch;
import dev.tributary.trainer.pack.TrainingItem;
import dev.tributary.trainer.replay.ReplayBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Trains one micro-batch: superseded examples are left out, the rest goes into the replay buffer,
 * and each optimiser step takes all of them beside a new draw from the buffer.
 */
final class BatchTrainer {

  private final StepPlan plan;
  private final TrainingObserver observer;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime measures durations, as {@link System#nanoTime()}; training does not depend on
   *     it
   */
  BatchTrainer(StepPlan plan, TrainingObserver observer, LongSupplier nanoTime) {
    this.plan = plan;
    this.observer = observer;
    this.nanoTime = nanoTime;
  }

  /**
   * @throws DivergedException if the loss is no number, naming step and examples; the session is
   *     then of no further use
   */
  TrainedBatch train(AdapterSession session, MicroBatch batch) {
    ReplayBuffer replay = session.replay();
    // All are admitted before any is judged: an answer may be superseded within its own batch.
    int removed = batch.items().stream().mapToInt(replay::admit).sum();
    List<TrainingItem> current =
        batch.items().stream().filter(item -> !replay.isSuperseded(item)).toList();
    observer.superseded(session.id(), batch.items().size() - current.size(), removed);

    Totals totals = new Totals();
    for (int i = 0; i < plan.steps() && !current.isEmpty(); i++) {
      List<TrainingItem> items = new ArrayList<>(current);
      int room = plan.maxTokens() - tokens(current);
      items.addAll(replay.sample(plan.replayCount(current.size()), room, batch.firstOffset()));
      long start = nanoTime.getAsLong();
      StepResult result = step(session, items);
      observer.stepped(session.id(), result, Duration.ofNanos(nanoTime.getAsLong() - start));
      totals.add(result, current.size(), items.size() - current.size());
    }
    return totals.of(current);
  }

  private StepResult step(AdapterSession session, List<TrainingItem> items) {
    try {
      return session.learner().step(items);
    } catch (DivergedException e) {
      observer.diverged(session.id());
      throw new DivergedException(
          "adapter %s, step %d, %s: %s; the last good checkpoint is kept"
              .formatted(
                  session.id(), session.learner().step() + 1, suspects(items, e), e.getMessage()),
          e.items(),
          e);
    }
  }

  /** The examples whose loss is no number, or all of them if no loss says which it was. */
  private static String suspects(List<TrainingItem> items, DivergedException error) {
    List<TrainingItem> suspects =
        error.items().isEmpty() ? items : error.items().stream().map(items::get).toList();
    return suspects.stream()
        .map(item -> "%s at offset %d".formatted(item.exampleId(), item.offset()))
        .collect(
            Collectors.joining(
                ", ", error.items().isEmpty() ? "one of the examples [" : "examples [", "]"));
  }

  private static int tokens(List<TrainingItem> items) {
    return items.stream().mapToInt(TrainingItem::tokenCount).sum();
  }

  private static final class Totals {
    private long newItems;
    private long replayedItems;
    private long tokens;
    private double lossSum;
    private long supervisedTokens;

    void add(StepResult result, int newOnes, int replayed) {
      newItems += newOnes;
      replayedItems += replayed;
      tokens += result.tokens();
      lossSum += result.lossSum();
      supervisedTokens += result.supervisedTokens();
    }

    TrainedBatch of(List<TrainingItem> trained) {
      return new TrainedBatch(trained, newItems, replayedItems, tokens, lossSum, supervisedTokens);
    }
  }
}
