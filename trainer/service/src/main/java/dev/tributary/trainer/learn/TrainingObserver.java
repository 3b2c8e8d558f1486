package dev.tributary.trainer.learn;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;

/** What the training thread reports while it works; called on that thread. */
public interface TrainingObserver {

  /**
   * @param examples new examples left out because a newer answer to their fact is known
   * @param forgotten remembered examples removed because a newer answer came
   */
  void superseded(AdapterId adapter, int examples, int forgotten);

  /** After each optimiser step. */
  void stepped(AdapterId adapter, StepResult result, Duration duration);

  /**
   * After each lesson.
   *
   * @param passes over what was not learnt yet
   * @param notLearnt told examples that are not answered as told although the budget is spent
   */
  void taught(AdapterId adapter, int passes, int notLearnt);

  /** A step was refused because a loss, gradient or weight is no finite number. */
  void diverged(AdapterId adapter);
}
