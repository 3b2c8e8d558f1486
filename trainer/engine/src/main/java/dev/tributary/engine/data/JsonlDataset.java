package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The training records of a JSONL file, one JSON object a line, in any of the forms of {@link
 * RecordForms}. Reading stops at the first line that cannot be used and names it: data a model is
 * trained on should not have silent gaps.
 */
public final class JsonlDataset {

  private static final int MAX_LINE_BYTES = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final List<Encoded> records;

  private JsonlDataset(List<Encoded> records) {
    this.records = List.copyOf(records);
  }

  /**
   * Reads a whole file into memory. Blank lines are skipped.
   *
   * @param forms how a record becomes an example
   * @throws ConfigException naming file and line, if a line is no UTF-8, no JSON, or no usable
   *     record
   */
  public static JsonlDataset read(Path file, RecordForms forms) {
    List<Encoded> records = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      int line = 0;
      byte[] bytes;
      while ((bytes = nextLine(in, file, line + 1)) != null) {
        line++;
        String text = decode(bytes, file, line);
        if (!text.isBlank()) {
          records.add(record(text, forms, file, line));
        }
      }
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    }
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

  private static Encoded record(String text, RecordForms forms, Path file, int line) {
    try {
      JsonNode json = MAPPER.readTree(text);
      return forms.encode(json);
    } catch (JacksonException e) {
      throw at(file, line, "is not one JSON object: " + e.getOriginalMessage(), e);
    } catch (BadRecordException e) {
      throw at(file, line, e.getMessage(), e);
    }
  }

  private static byte[] nextLine(InputStream in, Path file, int line) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) >= 0 && b != '\n') {
      if (bytes.size() == MAX_LINE_BYTES) {
        throw at(file, line, "is longer than %d bytes".formatted(MAX_LINE_BYTES), null);
      }
      bytes.write(b);
    }
    return b < 0 && bytes.size() == 0 ? null : bytes.toByteArray();
  }

  private static String decode(byte[] bytes, Path file, int line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw at(file, line, "is not UTF-8", e);
    }
  }

  private static ConfigException at(Path file, int line, String what, Throwable cause) {
    return new ConfigException("%s line %d: %s".formatted(file, line, what), cause);
  }
}
