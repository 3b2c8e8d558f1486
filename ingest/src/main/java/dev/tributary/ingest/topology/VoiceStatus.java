package dev.tributary.ingest.topology;

import java.time.Instant;

/**
 * Where a record stands whose source is not trusted alone.
 *
 * @param stage how far it has come
 * @param adapter {@code tenant/domain}
 * @param requestId the interaction it is about, null for a direct record
 * @param voices different authors that said the same so far
 * @param receivedAt when the gateway accepted it
 * @param updatedAt since when
 */
public record VoiceStatus(
    Stage stage,
    String adapter,
    String requestId,
    int voices,
    Instant receivedAt,
    Instant updatedAt) {

  /** How far it has come. */
  public enum Stage {
    WAITING,
    BELIEVED,
    EXPIRED
  }
}
