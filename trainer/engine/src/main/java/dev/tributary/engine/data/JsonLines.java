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
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a JSONL file: one JSON value a line, blank lines skipped, lines of at most 1 MiB. */
final class JsonLines {

  private static final int MAX_LINE_BYTES = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;

  JsonLines(Path file) {
    this.file = file;
  }

  /**
   * Hands over every record in the order of the file.
   *
   * @param reader may refuse a record with a {@link BadRecordException}
   * @throws ConfigException naming file and line, if a line is no UTF-8, no JSON, or refused
   */
  void forEach(Consumer<JsonNode> reader) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      int line = 0;
      byte[] bytes;
      while ((bytes = nextLine(in, line + 1)) != null) {
        line++;
        String text = decode(bytes, line);
        if (!text.isBlank()) {
          read(text, reader, line);
        }
      }
    } catch (IOException e) {
      throw new ConfigException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void read(String text, Consumer<JsonNode> reader, int line) {
    try {
      reader.accept(MAPPER.readTree(text));
    } catch (JacksonException e) {
      throw at(line, "is not one JSON object: " + e.getOriginalMessage(), e);
    } catch (BadRecordException e) {
      throw at(line, e.getMessage(), e);
    }
  }

  private byte[] nextLine(InputStream in, int line) throws IOException {
    var bytes = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) >= 0 && b != '\n') {
      if (bytes.size() == MAX_LINE_BYTES) {
        throw at(line, "is longer than %d bytes".formatted(MAX_LINE_BYTES), null);
      }
      bytes.write(b);
    }
    return b < 0 && bytes.size() == 0 ? null : bytes.toByteArray();
  }

  private String decode(byte[] bytes, int line) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw at(line, "is not UTF-8", e);
    }
  }

  private ConfigException at(int line, String what, Throwable cause) {
    return new ConfigException("%s line %d: %s".formatted(file, line, what), cause);
  }
}
