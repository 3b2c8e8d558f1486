package dev.tributary.trainer.metrics;

/**
 * How far an adapter is, for people and dashboards: one entry of {@code GET /v1/status}.
 *
 * @param adapter {@code tenant/domain}
 * @param state {@code active}, {@code paused} or {@code failed}
 * @param reason why it is not active; empty if it is
 * @param partition where its examples come from
 * @param consumed new examples trained since the beginning, each counted once
 * @param nextOffset every record of the adapter before it has been trained
 * @param step optimiser steps done
 * @param version newest candidate; 0 before the first
 * @param loss per supervised token of the last micro-batch, in nats
 * @param tokensPerSecond of the last micro-batch
 * @param replayShare rehearsed share of the sequences of the last micro-batch, 0 to 1
 * @param replayRecords examples remembered
 * @param replayBytes size of the replay buffer
 * @param pending examples read and waiting for their micro-batch to close
 * @param lag records of the partition that nobody has looked at yet, of all its adapters
 */
public record AdapterStatus(
    String adapter,
    String state,
    String reason,
    int partition,
    long consumed,
    long nextOffset,
    long step,
    int version,
    double loss,
    double tokensPerSecond,
    double replayShare,
    int replayRecords,
    long replayBytes,
    int pending,
    long lag) {}
