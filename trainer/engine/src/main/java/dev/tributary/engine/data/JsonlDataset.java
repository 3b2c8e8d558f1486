package dev.tributary.engine.data;

import java.nio.file.Path;
import java.util.List;

/** Records of a JSONL file. */
public final class JsonlDataset {

  private final List<Encoded> records;

  private JsonlDataset(List<Encoded> records) {
    this.records = records;
  }

  /** Reads a whole file; {@code encoder} may be null if every record is given as input_ids. */
  public static JsonlDataset read(Path file, ExampleEncoder encoder) {
    throw new UnsupportedOperationException();
  }

  public List<Encoded> records() {
    return records;
  }
}
