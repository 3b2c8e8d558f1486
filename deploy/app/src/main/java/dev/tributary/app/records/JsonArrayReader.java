package dev.tributary.app.records;

import dev.tributary.foundation.error.BadRecordException;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One JSON array of objects, as Alpaca and ShareGPT files come; read object by object. */
final class JsonArrayReader implements RecordReader {

  private final Reader text;
  private final JsonParser parser;

  JsonArrayReader(Reader text) {
    this.text = text;
    this.parser = new JsonMapper().createParser(text);
    parser.nextToken();
  }

  @Override
  public Optional<SourceRecord> next() {
    try {
      if (parser.nextToken() == JsonToken.END_ARRAY) {
        return Optional.empty();
      }
      int line = parser.currentTokenLocation().getLineNr();
      JsonNode json = parser.readValueAsTree();
      if (json instanceof ObjectNode object) {
        return Optional.of(new SourceRecord(line, object));
      }
      throw new BadRecordException("malformed_line", "line " + line + " is no JSON object");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new BadRecordException(
          "malformed_line", "line %d is no JSON: %s".formatted(line, e.getOriginalMessage()), e);
    }
  }

  @Override
  public void close() throws IOException {
    parser.close();
    text.close();
  }
}
