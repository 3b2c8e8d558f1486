package dev.tributary.app.cli.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tributary.app.tune.Evaluation;

/**
 * What a {@code tune} run did; what does not go with the kind of model, or was not asked for, is
 * null.
 *
 * @param output directory of the adapter, or of the model
 * @param examples records trained on
 * @param truncated how many of them were cut to the longest length
 * @param unsupervised records left out for having nothing supervised
 * @param loss mean over the last logging steps, in nats per supervised token or class
 * @param accuracy of a classifier over the last logging steps, each before its update
 * @param macroF1 the same
 * @param evaluation of what was trained, on the evaluation data
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
    @JsonInclude(JsonInclude.Include.NON_NULL) Double accuracy,
    @JsonInclude(JsonInclude.Include.NON_NULL) Double macroF1,
    @JsonInclude(JsonInclude.Include.NON_NULL) Evaluation evaluation,
    double seconds,
    double tokensPerSecond,
    double medianStepSeconds) {}
