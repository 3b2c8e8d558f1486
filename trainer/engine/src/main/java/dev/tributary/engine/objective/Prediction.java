package dev.tributary.engine.objective;

/**
 * What a classifier says about one sequence.
 *
 * @param label index of the right class
 * @param predicted index of the likeliest class; the first of several
 */
public record Prediction(int label, int predicted) {}
