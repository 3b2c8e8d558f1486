package dev.tributary.app.cli.model;

/**
 * What a {@code tune} run did.
 *
 * @param output directory of the adapter
 * @param examples records trained on
 * @param truncated how many of them were cut to the longest length
 * @param unsupervised records left out for having no supervised token
 * @param loss mean over the last logging steps, in nats per supervised token
 * @param seconds of training, without loading
 * @param tokensPerSecond over all steps, the slow first ones included
 * @param medianStepSeconds of one optimiser step
 */
record TuneSummary(
    String output,
    int examples,
    int truncated,
    int unsupervised,
    int steps,
    long tokens,
    long supervisedTokens,
    double loss,
    double seconds,
    double tokensPerSecond,
    double medianStepSeconds) {}
