package dev.tributary.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StrictJsonTest {

  static Stream<Arguments> malformed() {
    return Stream.of(
        Arguments.of("empty", utf8(""), 1, 1),
        Arguments.of("blank", utf8(" \n "), 1, 1),
        Arguments.of("cut", utf8("{\"a\":\n 1"), 2, 3),
        Arguments.of("cut text", utf8("{\"a\": \"x"), 1, 9),
        Arguments.of("NaN", utf8("{\"a\": NaN}"), 1, 10),
        Arguments.of("Infinity", utf8("{\"a\": -Infinity}"), 1, 16),
        Arguments.of("UTF-16", "{\"a\": 1}".getBytes(StandardCharsets.UTF_16LE), 1, 3),
        Arguments.of("UTF-16 with mark", "{\"a\": 1}".getBytes(StandardCharsets.UTF_16), 1, 1),
        Arguments.of("byte-order mark", utf8("\uFEFF{\"a\": 1}"), 1, 1),
        Arguments.of("overlong slash", bytes("{\"a\": \"", 0xC0, 0xAF, "\"}"), 1, 8),
        Arguments.of("surrogate in UTF-8", bytes("{\n\"a\": \"", 0xED, 0xA0, 0x80, "\"}"), 2, 7),
        Arguments.of("beyond Unicode", bytes("\"", 0xF5, 0x80, 0x80, 0x80, "\""), 1, 2),
        Arguments.of("cut character", bytes("\"", 0xE2, 0x82, "\""), 1, 2),
        Arguments.of("duplicate key", utf8("{\"a\": 1, \"a\": 2}"), 1, 13),
        Arguments.of("second document", utf8("{\"a\": 1} {\"a\": 1}"), 1, 11),
        Arguments.of("rubbish behind", utf8("{\"a\": 1}x"), 1, 10),
        Arguments.of("depth 65", utf8("[".repeat(65) + "]".repeat(65)), 1, 66),
        Arguments.of("33 digits", utf8("[" + "1".repeat(33) + "]"), 1, 35),
        Arguments.of("33 digits with a point", utf8("[1." + "1".repeat(32) + "]"), 1, 36),
        Arguments.of("leading zero", utf8("[01]"), 1, 3),
        Arguments.of("plus sign", utf8("[+1]"), 1, 3),
        Arguments.of("single quotes", utf8("{'a': 1}"), 1, 3),
        Arguments.of("comment", utf8("{/* */}"), 1, 3),
        Arguments.of("trailing comma", utf8("[1,]"), 1, 5),
        Arguments.of("control character", utf8("[\"a\tb\"]"), 1, 5),
        Arguments.of("raw NUL", utf8("[\"a\0b\"]"), 1, 5),
        Arguments.of("200,001 tokens", utf8("[" + "1,".repeat(200_000) + "1]"), 1, 0),
        Arguments.of("long name", utf8("{\"" + "n".repeat(257) + "\": 1}"), 1, 0),
        Arguments.of("long text", utf8("[\"" + "t".repeat((1 << 20) + 1) + "\"]"), 1, 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void answers400WithThePosition(String name, byte[] body, int line, int column) {
    HttpException error = assertThrows(HttpException.class, () -> StrictJson.parse(body));

    assertEquals(400, error.status(), error.getMessage());
    assertTrue(error.getMessage().startsWith("line " + line + ", column "), error.getMessage());
    int found =
        Integer.parseInt(error.getMessage().replaceAll("line \\d+, column (\\d+):.*", "$1"));
    assertTrue(
        column == 0 || Math.abs(found - column) <= 1, column + " expected: " + error.getMessage());
    assertTrue(error.getMessage().length() < 300, error.getMessage());
  }

  static Stream<Arguments> unusable() {
    return Stream.of(
        Arguments.of("number beyond a double", "{\"a\": [0, 1e999]}", "/a/1"),
        Arguments.of("negative one", "{\"a\": -1e999}", "/a"),
        Arguments.of("huge exponent", "{\"a\": 1e999999999}", "/a"),
        Arguments.of("lone high surrogate", "{\"a\": {\"b/c\": \"x\\ud800\"}}", "/a/b~1c"),
        Arguments.of("lone low surrogate", "{\"a\": \"\\udc00x\"}", "/a"),
        Arguments.of("swapped surrogates", "{\"a\": \"\\udc00\\ud800\"}", "/a"),
        Arguments.of("NUL", "{\"a\": \"x\\u0000\"}", "/a"),
        Arguments.of("NUL in a name", "{\"a\": {\"x\\u0000\": 1}}", "/a"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unusable")
  void answers422WithAPointer(String name, String body, String pointer) {
    HttpException error = assertThrows(HttpException.class, () -> StrictJson.parse(utf8(body)));

    assertEquals(422, error.status(), error.getMessage());
    assertEquals(pointer, error.errors().getFirst().pointer());
  }

  @Test
  void reportsEveryUnusableValue() {
    HttpException error =
        assertThrows(
            HttpException.class,
            () -> StrictJson.parse(utf8("{\"a\": 1e999, \"b\": \"\\u0000\"}")));

    assertEquals(2, error.errors().size());
  }

  @Test
  void readsWhatIsWithinTheLimits() {
    assertEquals(
        "grün 🦆",
        StrictJson.parse(utf8("{\"a\": \"gr\\u00fcn \\ud83e\\udd86\"}")).get("a").stringValue());
    assertEquals(1.5e300, StrictJson.parse(utf8("[1.5e300]")).get(0).doubleValue());
    assertEquals(1, StrictJson.parse(utf8("[".repeat(64) + "]".repeat(64))).size());
    assertEquals(
        1 << 20,
        StrictJson.parse(utf8("[\"" + "t".repeat(1 << 20) + "\"]")).get(0).stringValue().length());
  }

  @Test
  void wantsAnObjectForFields() {
    HttpException error = assertThrows(HttpException.class, () -> StrictJson.fields(utf8("[1]")));

    assertEquals(422, error.status());
    assertEquals("", error.errors().getFirst().pointer());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer value) {
        out.write(value);
      } else {
        out.writeBytes(utf8(part.toString()));
      }
    }
    return out.toByteArray();
  }
}
