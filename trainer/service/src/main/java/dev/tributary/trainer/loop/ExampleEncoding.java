package dev.tributary.trainer.loop;

import dev.tributary.engine.data.Encoded;
import dev.tributary.schemas.TrainingExample;

/** Turns a supervised example into tokens. */
@FunctionalInterface
interface ExampleEncoding {

  /**
   * @throws dev.tributary.foundation.error.BadRecordException if there is nothing to learn from it
   */
  Encoded encode(TrainingExample example);
}
