package dev.tributary.ingest.topology;

import java.time.Instant;

/**
 * Where a feedback record stands.
 *
 * @param feedbackId its id
 * @param requestId the interaction it names
 * @param status how far it has come
 * @param receivedAt when the gateway accepted it; null if an earlier release took it in
 * @param updatedAt since when
 */
public record FeedbackStatus(
    String feedbackId,
    String requestId,
    JoinStatus status,
    Instant receivedAt,
    Instant updatedAt) {}
