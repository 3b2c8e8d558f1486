package dev.tributary.evaluator.serve.api;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The members of a JSON object, read by type and range; every refusal is a 400 that names the
 * member. JSON null counts as absent, as in OpenAI's interface. {@link #refuseUnread} at the end
 * refuses what nobody asked for. One thread, one request.
 */
final class Parameters {

  private final JsonNode object;
  private final String parent;
  private final Set<String> read = new TreeSet<>();

  private Parameters(JsonNode object, String parent) {
    if (!object.isObject()) {
      String name = parent.isEmpty() ? "the body" : parent.substring(1);
      throw OpenAiErrors.invalid(parent, name + " must be a JSON object, not " + shown(object));
    }
    this.object = object;
    this.parent = parent;
  }

  /** The members of a request body. */
  static Parameters of(JsonNode body) {
    return new Parameters(body, "");
  }

  /** The members of an object inside one; {@code pointer} says where. */
  static Parameters of(JsonNode object, String pointer) {
    return new Parameters(object, pointer);
  }

  /** JSON pointer to a member. */
  String pointer(String name) {
    return parent + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  /** The member as it is; empty if absent or null. */
  Optional<JsonNode> node(String name) {
    read.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
  }

  JsonNode required(String name) {
    return node(name).orElseThrow(() -> OpenAiErrors.missing(pointer(name), name + " is required"));
  }

  String requiredText(String name, int maxLength) {
    required(name);
    return text(name, maxLength).orElseThrow();
  }

  Optional<String> text(String name, int maxLength) {
    Optional<JsonNode> value = node(name);
    if (value.isPresent()
        && (!value.get().isString() || value.get().asString().length() > maxLength)) {
      throw OpenAiErrors.invalid(
          pointer(name), "%s must be a string of at most %d characters".formatted(name, maxLength));
    }
    return value.map(JsonNode::asString);
  }

  boolean flag(String name) {
    Optional<JsonNode> value = node(name);
    if (value.isPresent() && !value.get().isBoolean()) {
      throw OpenAiErrors.invalid(
          pointer(name), name + " must be true or false, not " + shown(value.get()));
    }
    return value.map(JsonNode::asBoolean).orElse(false);
  }

  OptionalInt integer(String name, int min, int max) {
    Optional<JsonNode> value = node(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    JsonNode number = value.get();
    if (!number.isIntegralNumber()
        || !number.canConvertToInt()
        || number.asInt() < min
        || number.asInt() > max) {
      throw outOfRange(name, "an integer", min, max, number);
    }
    return OptionalInt.of(number.asInt());
  }

  OptionalLong longInteger(String name) {
    Optional<JsonNode> value = node(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (!value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
      throw outOfRange(name, "an integer", Long.MIN_VALUE, Long.MAX_VALUE, value.get());
    }
    return OptionalLong.of(value.get().asLong());
  }

  OptionalDouble number(String name, double min, double max) {
    Optional<JsonNode> value = node(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    double number = value.get().isNumber() ? value.get().asDouble() : Double.NaN;
    if (!(number >= min && number <= max)) {
      throw outOfRange(name, "a number", min, max, value.get());
    }
    return OptionalDouble.of(number);
  }

  /** Accepts members that cannot change the answer. */
  void ignore(String... names) {
    read.addAll(Set.of(names));
  }

  /**
   * Refuses members that would change the answer in a way this server cannot, unless they are empty
   * or zero, false, {@code none}, {@code auto}, {@code text}: then they ask for what happens
   * anyway.
   */
  void refuseUnlessNeutral(String... names) {
    for (String name : names) {
      node(name)
          .filter(value -> !isNeutral(value))
          .ifPresent(
              value -> {
                throw OpenAiErrors.unsupported(
                    pointer(name), name + " is not supported by this server; leave it out");
              });
    }
  }

  /**
   * Refuses a member that none of the methods above was asked for: it is misspelt, or unknown here.
   */
  void refuseUnread() {
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (!read.contains(member.getKey())) {
        String shown = shown(member.getKey());
        throw OpenAiErrors.unknown(pointer(shown), "unrecognized request argument: " + shown);
      }
    }
  }

  /** A value short enough for a message. */
  static String shown(JsonNode value) {
    return shown(value.toString());
  }

  private static String shown(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static boolean isNeutral(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.asDouble() == 0;
      case BOOLEAN -> !value.asBoolean();
      case STRING -> Set.of("", "none", "auto").contains(value.asString());
      case ARRAY ->
          value.isEmpty() || (value.size() == 1 && "text".equals(value.get(0).stringValue(null)));
      case OBJECT ->
          value.isEmpty()
              || (value.size() == 1 && "text".equals(value.path("type").stringValue(null)));
      default -> false;
    };
  }

  private RuntimeException outOfRange(
      String name, String kind, Number min, Number max, JsonNode value) {
    return OpenAiErrors.invalid(
        pointer(name),
        "%s must be %s from %s to %s, not %s".formatted(name, kind, min, max, shown(value)));
  }
}
