package dev.tributary.platform.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON from strangers.
 *
 * <p>Bytes that are not one JSON document (RFC 8259) in plain UTF-8 are answered 400 with the
 * position: no byte-order mark, no UTF-16, no overlong forms, no duplicate keys, no second
 * document, at most 200,000 tokens, 64 levels, 32 digits a number, 256 characters a name and 1 MiB
 * a string. Documents whose values cannot be carried faithfully, that is numbers beyond a double,
 * lone surrogates and NUL characters, are answered 422 with a pointer to each.
 */
public final class StrictJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(64)
                          .maxTokenCount(200_000)
                          .maxNumberLength(32)
                          .maxNameLength(256)
                          .maxStringLength(1 << 20)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .build();

  private StrictJson() {}

  /**
   * Reads one document.
   *
   * @throws HttpException 400 with the position, or 422 with pointers
   */
  public static JsonNode parse(byte[] body) {
    JsonNode document = syntax(body);
    List<FieldError> errors = UnusableValues.in(document);
    if (!errors.isEmpty()) {
      throw HttpException.unprocessable(errors);
    }
    return document;
  }

  /**
   * Reads one object, to be taken apart field by field; values that cannot be carried are reported
   * together with what the fields' own rules find.
   *
   * @throws HttpException 400 with the position, or 422 when it is another kind of value
   */
  public static JsonFields fields(byte[] body) {
    JsonNode document = syntax(body);
    if (!document.isObject()) {
      throw HttpException.unprocessable("", "expected an object {…}");
    }
    return JsonFields.root(document, UnusableValues.in(document));
  }

  private static JsonNode syntax(byte[] body) {
    String text = decode(body);
    if (text.isBlank()) {
      throw malformed("the body is empty; send a JSON object", 1, 1);
    }
    if (text.charAt(0) == '\uFEFF') {
      throw malformed("the body starts with a byte-order mark; send plain UTF-8", 1, 1);
    }
    try (JsonParser parser = MAPPER.createParser(text)) {
      return read(parser);
    }
  }

  private static JsonNode read(JsonParser parser) {
    try {
      JsonNode document = MAPPER.readTree(parser);
      if (parser.nextToken() != null) {
        throw malformed("a second document begins; send one", parser.currentTokenLocation());
      }
      return document;
    } catch (StreamConstraintsException e) {
      // Thrown without a place; the parser is where it gave up.
      throw malformed(firstSentence(e.getOriginalMessage()), parser.currentLocation());
    } catch (JacksonException e) {
      throw malformed(firstSentence(e.getOriginalMessage()), e.getLocation());
    }
  }

  /**
   * Java's lenient decoders replace what they cannot read; this one refuses it, overlong forms and
   * surrogates included.
   */
  private static String decode(byte[] body) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(body);
    CharBuffer out = CharBuffer.allocate(body.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      String before = out.flip().toString();
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      throw malformed(
          "not UTF-8 at byte " + in.position(), line, before.length() - before.lastIndexOf('\n'));
    }
    return out.flip().toString();
  }

  private static HttpException malformed(String problem, TokenStreamLocation at) {
    return malformed(problem, at.getLineNr(), at.getColumnNr());
  }

  private static HttpException malformed(String problem, int line, int column) {
    String message = "line %d, column %d: %s".formatted(line, column, problem);
    return new HttpException(
        400, "invalid_json", message, List.of(new FieldError("", message)), Map.of());
  }

  /**
   * Jackson adds its own location, the names of settings and lists of them; what comes before is
   * for the sender.
   */
  private static String firstSentence(String message) {
    return message
        .lines()
        .findFirst()
        .orElse("not JSON")
        .replaceFirst("\\s*\\(?at \\[Source.*", "")
        .replaceFirst(", from `StreamReadConstraints[^`]*`", "");
  }
}
