package dev.tributary.app.records;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How far an import got, in a file beside the data: the number of records sent on its first line,
 * and the SHA-256 of their texts on its second, so that a changed beginning is noticed.
 *
 * @param records sent and acknowledged
 * @param digest over them, in hexadecimal
 */
public record ImportOffset(long records, String digest) {

  static final ImportOffset START = new ImportOffset(0, "");

  /**
   * @throws ConfigException if the file is not what {@link #write} writes
   */
  public static ImportOffset read(Path file) {
    if (!Files.exists(file)) {
      return START;
    }
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
      if (lines.size() == 2
          && lines.getFirst().matches("\\d{1,18}")
          && lines.getLast().matches("[0-9a-f]{64}")) {
        return new ImportOffset(Long.parseLong(lines.getFirst()), lines.getLast());
      }
      throw new ConfigException(file + ": is no offset file; delete it to import from the start");
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read (" + e + ")", e);
    }
  }

  public void write(Path file) throws IOException {
    WholeFile.write(file, path -> Files.writeString(path, records + "\n" + digest + "\n"));
  }
}
