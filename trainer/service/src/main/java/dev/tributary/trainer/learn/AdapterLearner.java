package dev.tributary.trainer.learn;

import dev.tributary.engine.train.StepResult;
import dev.tributary.trainer.pack.TrainingItem;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * What the loop asks of the weights of one adapter: the seam between the loop and the engine. Used
 * by one thread at a time. Equal states that get equal items end in equal states.
 */
public interface AdapterLearner {

  /**
   * One optimiser step over these items together.
   *
   * @param rate factor on the learning rate, above 0
   * @throws DivergedException if the loss is no number; the state is then as before the step
   */
  StepResult step(List<TrainingItem> items, double rate);

  /**
   * How surely each item's answer is given: by how many logits the least sure of its tokens beats
   * every other token. Above 0, a greedy answer is this one to the letter. Changes nothing.
   *
   * @return in the order of the items
   */
  double[] margins(List<TrainingItem> items);

  /** Optimiser steps done. */
  long step();

  /** Writes the whole state; equal states give equal bytes. */
  void write(OutputStream out) throws IOException;

  /** Writes the adapter as a directory that other tools can load. */
  void export(Path directory) throws IOException;
}
