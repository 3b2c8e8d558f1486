package dev.tributary.app.cli.model;

import dev.tributary.engine.train.StepResult;

/** Mean loss over the last steps of a run, and totals over all of them. For one thread. */
final class LossWindow {

  private final double[] losses;
  private final int[] supervised;
  private int steps;
  private long tokens;
  private long supervisedTokens;

  LossWindow(int size) {
    losses = new double[size];
    supervised = new int[size];
  }

  void add(StepResult step) {
    losses[steps % losses.length] = step.lossSum();
    supervised[steps % losses.length] = step.supervisedTokens();
    steps++;
    tokens += step.tokens();
    supervisedTokens += step.supervisedTokens();
  }

  /** Loss per supervised token, in nats. */
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
