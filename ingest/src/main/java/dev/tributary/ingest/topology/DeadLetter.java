package dev.tributary.ingest.topology;

import dev.tributary.ingest.topology.state.SourceRecord;

/**
 * A record that cannot be processed, and why.
 *
 * @param source the input record
 * @param stage the step that refused it
 * @param reason a stable code in snake case
 * @param cause what was found
 */
record DeadLetter(SourceRecord source, Stage stage, String reason, RuntimeException cause) {}
