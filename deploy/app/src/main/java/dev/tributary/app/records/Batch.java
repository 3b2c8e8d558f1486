package dev.tributary.app.records;

import java.util.ArrayList;
import java.util.List;

/** Records on their way to the gateway, as one NDJSON body. For one thread. */
final class Batch {

  private static final int MAX_RECORDS = 500;

  /**
   * Well under the gateway's limit of 16 MiB a body, also when every character takes four bytes.
   */
  private static final int MAX_CHARACTERS = 2 << 20;

  private final List<Long> lines = new ArrayList<>();
  private final StringBuilder body = new StringBuilder();

  void add(long line, String json) {
    lines.add(line);
    body.append(json).append('\n');
  }

  boolean isFull() {
    return lines.size() == MAX_RECORDS || body.length() >= MAX_CHARACTERS;
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  int size() {
    return lines.size();
  }

  String body() {
    return body.toString();
  }

  /** Line in the file of the record on a line of this body, both from 1. */
  long fileLine(int bodyLine) {
    return bodyLine >= 1 && bodyLine <= lines.size() ? lines.get(bodyLine - 1) : -1;
  }

  void clear() {
    lines.clear();
    body.setLength(0);
  }
}
