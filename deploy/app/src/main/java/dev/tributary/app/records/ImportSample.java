package dev.tributary.app.records;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some records of a file, spread evenly over it, the last among them: enough to follow an import of
 * any size. For one thread.
 */
final class ImportSample {

  private static final long MOST = 50;

  private final Map<Long, String> idsByLine = new LinkedHashMap<>();
  private final long total;
  private final long size;

  /**
   * @param total records in the file
   */
  ImportSample(long total) {
    this.total = total;
    this.size = Math.min(MOST, total);
  }

  /** Whether to take the record at this place, counted from 0. */
  boolean takes(long index) {
    return (index + 1) * size / total > index * size / total;
  }

  void add(long line, String id) {
    idsByLine.put(line, id);
  }

  /** The gateway refused the record of this line. */
  void remove(long line) {
    idsByLine.remove(line);
  }

  /** In the order of the file. */
  List<String> ids() {
    return List.copyOf(idsByLine.values());
  }
}
