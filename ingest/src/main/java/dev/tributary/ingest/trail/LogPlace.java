package dev.tributary.ingest.trail;

import java.time.Instant;

/**
 * Where a record stands in a topic.
 *
 * @param appendedAt when the broker took it
 */
record LogPlace(int partition, long offset, Instant appendedAt) {}
