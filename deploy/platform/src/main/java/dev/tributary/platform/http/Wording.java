package dev.tributary.platform.http;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** How values are named in messages: in JSON's words, and never at a length the sender chose. */
final class Wording {

  private static final int MAX_QUOTED = 40;

  private Wording() {}

  /** What stands in a field: "text", "the number 7", "a list". */
  static String found(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "text";
      case NUMBER -> "the number " + abbreviated(node.asString());
      case BOOLEAN -> node.asString();
      case ARRAY -> "a list";
      case OBJECT -> "an object";
      default -> "null";
    };
  }

  static String abbreviated(String text) {
    return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
  }

  /** Whole numbers without a fraction. */
  static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** A constant as JSON writes it. */
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> String names(Class<E> constants) {
    return Stream.of(constants.getEnumConstants())
        .map(Wording::lower)
        .collect(Collectors.joining(", "));
  }
}
