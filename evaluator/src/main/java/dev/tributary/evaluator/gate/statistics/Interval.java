package dev.tributary.evaluator.gate.statistics;

/**
 * A mean and its two one-sided confidence bounds. Each bound holds at the stated confidence on its
 * own; together they are a two-sided interval at 1 − 2(1 − confidence), such as 90 % for 95 %.
 *
 * @param mean sample mean
 * @param low the true mean is above this, with the stated confidence
 * @param high the true mean is below this, with the stated confidence
 */
public record Interval(double mean, double low, double high) {}
