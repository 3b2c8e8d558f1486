package dev.tributary.app.cli.model;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * How well a model predicts one record.
 *
 * @param record its place in the file, from 1, among the records that have something to predict
 * @param supervisedTokens tokens with a label; 1 for a classifier
 * @param loss their summed loss, in nats
 * @param label name of the record's class; null for a language model
 * @param prediction name of the likeliest class; null for a language model
 */
record ScoredRecord(
    int record,
    int supervisedTokens,
    double loss,
    @JsonInclude(JsonInclude.Include.NON_NULL) String label,
    @JsonInclude(JsonInclude.Include.NON_NULL) String prediction) {}
