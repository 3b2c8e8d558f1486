package dev.tributary.app.records;

import tools.jackson.databind.node.ObjectNode;

/**
 * One record of a file, as it stands there.
 *
 * @param line where it starts, from 1
 */
public record SourceRecord(long line, ObjectNode json) {}
