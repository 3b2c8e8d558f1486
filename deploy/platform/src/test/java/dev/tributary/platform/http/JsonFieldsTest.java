package dev.tributary.platform.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {

  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

  private enum Color {
    RED,
    DARK_BLUE
  }

  @Test
  void readsEveryKind() {
    JsonFields fields =
        fields(
            """
            {"text": "a", "empty": "", "number": 1.5, "whole": 3, "big": 5000000000, "yes": true, "color": "dark_blue",
             "list": ["a", "b"], "one": "a", "map": {"a": "x", "b": 2}, "object": {"n": 1}, "objects": [{"n": 1}, {"n": 2}],
             "null": null, "unused": [1]}\
            """);

    assertEquals("a", fields.requiredText("text", 10));
    assertEquals("", fields.string("empty", 10).orElseThrow());
    assertEquals(1.5, fields.number("number", 0, 2).orElseThrow());
    assertEquals(3, fields.integer("whole", 3, 3).orElseThrow());
    assertEquals(5_000_000_000L, fields.wholeNumber("big").orElseThrow());
    assertTrue(fields.bool("yes").orElseThrow());
    assertEquals(Color.DARK_BLUE, fields.requiredOneOf("color", Color.class));
    assertEquals(List.of("a", "b"), fields.strings("list", 2, 1));
    assertEquals(List.of("a"), fields.strings("one", 2, 1));
    assertEquals(Map.of("a", "x", "b", "2"), fields.stringMap("map", 2, 1));
    assertEquals(1, fields.object("object").orElseThrow().integer("n", 0, 9).orElseThrow());
    assertEquals(
        List.of(1, 2), fields.objects("objects", 2, item -> item.integer("n", 0, 9).orElse(0)));
    assertTrue(fields.text("null", 1).isEmpty());
    assertFalse(fields.has("absent"));
    fields.ignore("unused");
    fields.finish();
  }

  @Test
  void collectsAllErrors() {
    JsonFields fields =
        fields(
            """
            {"blank": " ", "long": "abc", "mistyped": 1, "rating": 6, "color": "green", "list": ["a", 1],
             "objects": [{"n": 1, "extra": 2}, 7], "map": {"a/b": []}, "unknwon": 1}\
            """);

    fields.text("blank", 10);
    fields.text("long", 2);
    fields.text("mistyped", 10);
    fields.number("rating", 1, 5);
    assertNull(fields.requiredOneOf("colour", Color.class));
    fields.oneOf("color", Color.class);
    fields.strings("list", 5, 5);
    fields.objects("objects", 5, item -> item.integer("n", 0, 9));
    fields.stringMap("map", 5, 5);
    assertEquals("", fields.requiredText("unknown", 5));
    HttpException error = assertThrows(HttpException.class, fields::finish);

    assertEquals(422, error.status());
    Map<String, String> found = new java.util.TreeMap<>();
    error
        .errors()
        .forEach(e -> assertNull(found.put(e.pointer(), e.detail()), "reported twice: " + e));
    assertEquals(
        java.util.Set.of(
            "/blank",
            "/long",
            "/mistyped",
            "/rating",
            "/colour",
            "/color",
            "/list/1",
            "/objects/1",
            "/objects/0/extra",
            "/map/a~1b",
            "/unknown",
            "/unknwon"),
        found.keySet());
    assertEquals("6; use 1 to 5", found.get("/rating"));
    assertEquals("expected text, found the number 1", found.get("/mistyped"));
    assertEquals("'green'; use one of red, dark_blue", found.get("/color"));
    assertEquals("unknown field; did you mean 'unknown'?", found.get("/unknwon"));
    assertEquals("is missing; give text", found.get("/unknown"));
  }

  @Test
  void reportsABoundedNumberOfErrorsQuickly() {
    // Given as many mistakes as a megabyte holds, of both sorts
    StringBuilder unknown = new StringBuilder("{\"a\": 1");
    StringBuilder unusable = new StringBuilder("{\"list\": [1");
    for (int i = 0; i < 80_000; i++) {
      unknown.append(",\"field").append(i).append("\":1");
      unusable.append(",1e999");
    }

    for (String body : List.of(unknown + "}", unusable + "]}")) {
      JsonFields fields = fields(body);
      fields.integer("a", 0, 9);
      HttpException error =
          assertTimeout(
              Duration.ofSeconds(5), () -> assertThrows(HttpException.class, fields::finish));

      assertEquals(JsonFields.MAX_ERRORS, error.errors().size());
    }
  }

  @Test
  void joinsErrorsOfValuesThatCannotBeCarried() {
    // Given a field that is both unusable and out of range, and another mistake
    JsonFields fields = fields("{\"value\": 1e999, \"rating\": 6}");
    fields.number("value", 0, 1);
    fields.number("rating", 1, 5);

    HttpException error = assertThrows(HttpException.class, fields::finish);

    // Then each is reported once
    assertEquals(
        List.of("/value", "/rating"), error.errors().stream().map(FieldError::pointer).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "\"1\"", "true", "[]", "{}", "5000000000"})
  void refusesWhatIsNoIntegerInRange(String value) {
    assertRefused(value, fields -> fields.integer("x", 0, 9));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[1,2,3,4]", "7", "[[\"a\"]]", "[\"too long\"]", "[null]"})
  void refusesOtherLists(String value) {
    assertRefused(value, fields -> fields.strings("x", 3, 3));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"b\",\"c\":\"d\"}",
        "[]",
        "{\"a\":null}",
        "{\"a\":{}}",
        "{\"a\":\"too long\"}"
      })
  void refusesOtherMaps(String value) {
    assertRefused(value, fields -> fields.stringMap("x", 1, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"2026-11-24T09:59:59.5Z\" | 2026-11-24T09:59:59.500Z",
        "\"2026-11-24T10:59:59+01:00\" | 2026-11-24T09:59:59Z",
        "0 | 1970-01-01T00:00:00Z",
        "1795514399 | 2026-11-24T09:59:59Z",
        "1795514399.25 | 2026-11-24T09:59:59.250Z",
        "1795514399250 | 2026-11-24T09:59:59.250Z",
        "\"2026-11-24T10:05:00Z\" | 2026-11-24T10:05:00Z",
      })
  void readsTimes(String json, Instant expected) {
    assertEquals(expected, fields("{\"t\": " + json + "}").timestamp("t", NOW).orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2026-11-24T10:05:01Z\"", "\"1969-12-31T23:59:59Z\"", "-1", "-1795514399250",
            "9223372036854775807", "1e300",
        "\"yesterday\"", "\"2026-11-24\"", "\"2026-11-24T10:00:00\"", "true", "{}", "\"\""
      })
  void refusesOtherTimes(String json) {
    assertRefused(json, fields -> fields.timestamp("x", NOW));
  }

  private static void assertRefused(String value, Consumer<JsonFields> read) {
    JsonFields fields = fields("{\"x\": " + value + "}");
    read.accept(fields);
    HttpException error = assertThrows(HttpException.class, fields::finish);
    assertTrue(error.errors().getFirst().pointer().startsWith("/x"), error.getMessage());
  }

  private static JsonFields fields(String json) {
    return StrictJson.fields(json.getBytes(StandardCharsets.UTF_8));
  }
}
