package dev.tributary.app.cli.model;

import dev.tributary.engine.objective.Prediction;
import dev.tributary.engine.score.ClassificationMetrics;
import dev.tributary.engine.train.StepResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Mean loss over the last steps of a run, and totals over all of them. For one thread. */
final class LossWindow {

  private final double[] losses;
  private final int[] supervised;
  private final List<List<Prediction>> predictions;
  private int steps;
  private long tokens;
  private long supervisedTokens;

  LossWindow(int size) {
    losses = new double[size];
    supervised = new int[size];
    predictions = new ArrayList<>(Collections.nCopies(size, List.of()));
  }

  void add(StepResult step) {
    losses[steps % losses.length] = step.lossSum();
    supervised[steps % losses.length] = step.supervisedTokens();
    predictions.set(steps % losses.length, step.predictions());
    steps++;
    tokens += step.tokens();
    supervisedTokens += step.supervisedTokens();
  }

  /** How often a classifier was right in the last steps; empty for a language model. */
  Optional<ClassificationMetrics> metrics() {
    List<Prediction> all = predictions.stream().flatMap(List::stream).toList();
    return all.isEmpty() ? Optional.empty() : Optional.of(ClassificationMetrics.of(all));
  }

  /** Loss per supervised token or class, in nats. */
  double mean() {
    double loss = 0;
    long count = 0;
    for (int i = 0; i < Math.min(steps, losses.length); i++) {
      loss += losses[i];
      count += supervised[i];
    }
    return loss / count;
  }

  int steps() {
    return steps;
  }

  long tokens() {
    return tokens;
  }

  long supervisedTokens() {
    return supervisedTokens;
  }
}
