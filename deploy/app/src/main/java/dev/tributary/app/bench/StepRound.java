package dev.tributary.app.bench;

import java.util.List;
import java.util.Map;

/**
 * One round of the step bench.
 *
 * @param seconds the whole round
 * @param tokens through the model
 * @param supervisedTokens of them, with a label
 * @param phases seconds of each phase of a step, all steps together
 * @param losses mean loss of each step, in nats
 * @param peakResidentBytes of the process so far
 */
record StepRound(
    double seconds,
    int steps,
    long tokens,
    long supervisedTokens,
    Map<String, Double> phases,
    List<Double> losses,
    long peakResidentBytes) {}
