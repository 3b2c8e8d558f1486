package dev.tributary.trainer.loop;

import dev.tributary.engine.train.StepResult;
import dev.tributary.foundation.AdapterId;
import java.time.Duration;

/** What the training thread reports while it works; called on that thread. */
interface TrainingObserver {

  /**
   * @param examples new examples left out because a newer answer to their fact is known
   * @param forgotten remembered examples removed because a newer answer came
   */
  void superseded(AdapterId adapter, int examples, int forgotten);

  /** After each optimiser step. */
  void stepped(AdapterId adapter, StepResult result, Duration duration);

  /** A step was refused because a loss, gradient or weight is no finite number. */
  void diverged(AdapterId adapter);
}
