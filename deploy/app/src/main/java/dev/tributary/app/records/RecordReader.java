package dev.tributary.app.records;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads a file of records one after another, whatever its format. For one thread. */
public interface RecordReader extends AutoCloseable {

  /**
   * The next record, or empty at the end of the file.
   *
   * @throws BadRecordException naming the line that is no record
   */
  Optional<SourceRecord> next() throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a file in the format its beginning shows: a JSON array, JSON lines, or CSV with a
   * heading.
   *
   * @throws ConfigException if there is no such file, it is empty, or its format is unknown
   */
  static RecordReader open(Path file) {
    try {
      // A strict decoder: what is not UTF-8 is an error, not a replacement character.
      BufferedReader text = Files.newBufferedReader(file, StandardCharsets.UTF_8);
      return switch (firstCharacter(text)) {
        case '[' -> new JsonArrayReader(text);
        case '{' -> new JsonLinesReader(text);
        case -1 -> throw new ConfigException(file + ": is empty; give a file with records");
        default -> CsvReader.open(text, file);
      };
    } catch (NoSuchFileException e) {
      throw new ConfigException(file + ": there is no such file; check the path", e);
    } catch (IOException e) {
      throw new ConfigException(file + ": cannot be read as UTF-8 text (" + e + ")", e);
    }
  }

  private static int firstCharacter(BufferedReader text) throws IOException {
    while (true) {
      text.mark(1);
      int character = text.read();
      boolean skipped = character == '\uFEFF' || Character.isWhitespace(character);
      if (!skipped) {
        text.reset();
        return character;
      }
    }
  }
}
