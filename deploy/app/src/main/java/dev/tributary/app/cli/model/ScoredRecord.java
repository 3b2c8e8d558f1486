package dev.tributary.app.cli.model;

/**
 * How well a model predicts one record.
 *
 * @param record its place in the file, from 1, among the records that have something to predict
 * @param supervisedTokens tokens with a label
 * @param loss their summed loss, in nats
 */
record ScoredRecord(int record, int supervisedTokens, double loss) {}
