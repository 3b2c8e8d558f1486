package dev.tributary.engine.data;

import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The training records of a JSONL file, one JSON object a line, in any of the forms its {@link
 * RecordEncoding} understands. Reading stops at the first line that cannot be used and names it:
 * data a model is trained on should not have silent gaps.
 */
public final class JsonlDataset {

  private final List<Encoded> records;

  private JsonlDataset(List<Encoded> records) {
    this.records = List.copyOf(records);
  }

  /**
   * Reads a whole file into memory. Blank lines are skipped.
   *
   * @param encoding how a record becomes an example
   * @throws ConfigException naming file and line, if a line is no UTF-8, no JSON, or no usable
   *     record
   */
  public static JsonlDataset read(Path file, RecordEncoding encoding) {
    List<Encoded> records = new ArrayList<>();
    new JsonLines(file).forEach(json -> records.add(encoding.encode(json)));
    if (records.isEmpty()) {
      throw new ConfigException(file + " holds no records; give one JSON object a line");
    }
    return new JsonlDataset(records);
  }

  /** The examples in the order of the file. */
  public List<Encoded> records() {
    return records;
  }

  public List<TokenizedExample> examples() {
    return records.stream().map(Encoded::example).toList();
  }

  /** How many records had to be cut to fit the context. */
  public long truncatedCount() {
    return records.stream().filter(Encoded::truncated).count();
  }
}
