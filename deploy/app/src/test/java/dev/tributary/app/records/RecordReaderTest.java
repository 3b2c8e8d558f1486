package dev.tributary.app.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {

  @TempDir Path directory;

  @Test
  void jsonLinesAreReadWithTheirLineNumbers() throws Exception {
    assertEquals(List.of("1 {\"a\":1}", "3 {\"a\":2}"), read("{\"a\":1}\n\n{\"a\":2}"));
  }

  @Test
  void aJsonArrayIsReadObjectByObject() throws Exception {
    assertEquals(List.of("2 {\"a\":1}", "3 {\"a\":[2]}"), read(" [\n{\"a\":1},\n{\"a\":[2]}\n]\n"));
  }

  @Test
  void csvKnowsQuotesCommasAndLineBreaks() throws Exception {
    assertEquals(
        List.of(
            "2 {\"text\":\"hi, \\\"you\\\"\",\"category\":\"greet\"}",
            "3 {\"text\":\"two\\nlines\",\"category\":\"x\"}",
            "6 {\"text\":\"\",\"category\":\"last\"}"),
        read("text,category\r\n\"hi, \"\"you\"\"\",greet\r\n\"two\nlines\",x\n\n,last\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":1}~{\"a\":|line 2 is cut off or no JSON",
        "{\"a\":1}~{\"a\"~{\"a\":2}|line 2 is no JSON",
        "{\"a\":1}~[2]|line 2 is no JSON object",
        "{\"a\":1,\"a\":2}|line 1 is cut off or no JSON: Duplicate",
        "{\"a\":1} {\"a\":2}|line 1 is cut off or no JSON",
        "[{\"a\":1},~{\"a\":|line 2 is no JSON",
        "[{\"a\":1},~3]|line 2 is no JSON object",
        "a,b~1,2,3|line 2 has 3 fields, the heading 2",
        "a,b~1,\"2|line 2 is cut off inside a quoted field",
      })
  void aBrokenLineIsNamed(String text, String message) {
    BadRecordException error =
        assertThrows(BadRecordException.class, () -> read(text.replace('~', '\n')));

    assertTrue(error.getMessage().startsWith(message), error.getMessage());
  }

  @Test
  void whatIsNoRecordFileIsRefused() throws Exception {
    assertRefused("", "is empty");
    assertRefused("hello\nworld\n", "format unknown");
    Path latin =
        Files.write(
            directory.resolve("latin"), "{\"a\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1));
    assertThrows(ConfigException.class, () -> readAll(latin));
    assertThrows(ConfigException.class, () -> RecordReader.open(directory.resolve("none")));
  }

  private void assertRefused(String text, String message) {
    ConfigException error = assertThrows(ConfigException.class, () -> read(text));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private List<String> read(String text) throws IOException {
    return readAll(Files.writeString(directory.resolve("file"), text));
  }

  private static List<String> readAll(Path file) throws IOException {
    List<String> records = new ArrayList<>();
    try (RecordReader reader = RecordReader.open(file)) {
      for (Optional<SourceRecord> record = reader.next();
          record.isPresent();
          record = reader.next()) {
        records.add(record.get().line() + " " + record.get().json());
      }
    }
    return records;
  }
}
