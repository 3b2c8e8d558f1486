package dev.tributary.app.records;

import dev.tributary.foundation.error.BadRecordException;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object a line; blank lines are skipped. */
final class JsonLinesReader implements RecordReader {

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final BufferedReader text;
  private long line;

  JsonLinesReader(BufferedReader text) {
    this.text = text;
  }

  @Override
  public Optional<SourceRecord> next() throws IOException {
    for (String content = text.readLine(); content != null; content = text.readLine()) {
      line++;
      if (!content.isBlank()) {
        return Optional.of(new SourceRecord(line, parse(content)));
      }
    }
    return Optional.empty();
  }

  private ObjectNode parse(String content) throws IOException {
    try {
      JsonNode json = JSON.readTree(content);
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw bad("is no JSON object", null);
    } catch (JacksonException e) {
      throw bad(
          isLastLine()
              ? "is cut off or no JSON: " + e.getOriginalMessage()
              : "is no JSON: " + e.getOriginalMessage(),
          e);
    }
  }

  private boolean isLastLine() throws IOException {
    return !text.ready() || text.read() < 0;
  }

  private BadRecordException bad(String what, Throwable cause) {
    return new BadRecordException("malformed_line", "line %d %s".formatted(line, what), cause);
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
