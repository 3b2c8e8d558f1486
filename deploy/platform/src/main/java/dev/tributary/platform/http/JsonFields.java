package dev.tributary.platform.http;

import dev.tributary.foundation.config.NearestName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Takes one JSON object apart field by field and collects everything that is wrong with it, so that
 * the sender learns of all mistakes at once. Read every field that may occur, then call {@link
 * #finish}, then build the result:
 *
 * <pre>{@code
 * String name = fields.requiredText("name", 256);
 * OptionalDouble value = fields.number("value", 0, 1);
 * fields.finish();
 * return new Score(name, value.orElse(1));
 * }</pre>
 *
 * <p>A field that is missing, mistyped or out of range gives an empty result (a required one a
 * placeholder) and an error; what a reader returns must therefore not be used before {@code
 * finish}. {@code null} counts as absent. Not thread safe.
 */
public final class JsonFields {

  /** Most errors reported of one document: enough to learn from, too few to be an amplifier. */
  static final int MAX_ERRORS = 64;

  private final JsonNode object;
  private final String pointer;
  private final List<FieldError> errors;
  private final TreeSet<String> known = new TreeSet<>();
  private final List<JsonFields> children = new ArrayList<>();

  private JsonFields(JsonNode object, String pointer, List<FieldError> errors) {
    this.object = object;
    this.pointer = pointer;
    this.errors = errors;
  }

  static JsonFields root(JsonNode object, List<FieldError> foundAlready) {
    return new JsonFields(object, "", new ArrayList<>(foundAlready));
  }

  /** Escapes a field's name for a JSON pointer. */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** The object itself, as it was sent. */
  public JsonNode node() {
    return object;
  }

  /** Whether the field is there and not null; it becomes a known field. */
  public boolean has(String name) {
    return any(name).isPresent();
  }

  /** Any value. */
  public Optional<JsonNode> any(String name) {
    known.add(name);
    return Optional.ofNullable(object.get(name)).filter(node -> !node.isNull());
  }

  /** Fields that are allowed and not looked at. */
  public void ignore(String... names) {
    known.addAll(List.of(names));
  }

  /** Text of up to that many characters, which may be empty. */
  public Optional<String> string(String name, int maxLength) {
    Optional<String> value =
        typed(name, JsonNode::isString, "expected text").map(JsonNode::stringValue);
    return value.filter(
        text ->
            holds(
                text.length() <= maxLength,
                name,
                "%d characters; use at most %d".formatted(text.length(), maxLength)));
  }

  /** Text of up to that many characters with at least one that is not white space. */
  public Optional<String> text(String name, int maxLength) {
    return string(name, maxLength)
        .filter(
            text ->
                holds(!text.isBlank(), name, "is blank; write some text or leave the field out"));
  }

  /** As {@link #text}, but the field must be there. */
  public String requiredText(String name, int maxLength) {
    return text(name, maxLength).orElseGet(() -> missing(name, "text", ""));
  }

  /** A finite number within the bounds, both included. */
  public OptionalDouble number(String name, double min, double max) {
    Optional<Double> value =
        typed(name, JsonNode::isNumber, "expected a number")
            .map(JsonNode::doubleValue)
            .filter(
                v ->
                    holds(
                        v >= min && v <= max,
                        name,
                        "%s; use %s to %s"
                            .formatted(
                                Wording.number(v), Wording.number(min), Wording.number(max))));
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }

  /** Any finite number. */
  public OptionalDouble number(String name) {
    return number(name, -Double.MAX_VALUE, Double.MAX_VALUE);
  }

  /** A whole number within the bounds, both included. */
  public OptionalInt integer(String name, int min, int max) {
    Optional<Integer> value =
        typed(name, JsonNode::isIntegralNumber, "expected a whole number")
            .filter(
                node ->
                    holds(
                        node.canConvertToInt() && node.intValue() >= min && node.intValue() <= max,
                        name,
                        "%s; use %d to %d".formatted(node.asString(), min, max)))
            .map(JsonNode::intValue);
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  /** A whole number of any size a long holds. */
  public Optional<Long> wholeNumber(String name) {
    return typed(name, JsonNode::isIntegralNumber, "expected a whole number")
        .filter(node -> holds(node.canConvertToLong(), name, "is too large; use a 64-bit number"))
        .map(JsonNode::longValue);
  }

  /** {@code true} or {@code false}. */
  public Optional<Boolean> bool(String name) {
    return typed(name, JsonNode::isBoolean, "expected true or false").map(JsonNode::booleanValue);
  }

  /** The constant whose name, in lower case, is the field's value. */
  public <E extends Enum<E>> Optional<E> oneOf(String name, Class<E> constants) {
    return typed(name, JsonNode::isString, "expected text")
        .flatMap(node -> constant(name, node.stringValue(), constants));
  }

  /** As {@link #oneOf}, but the field must be there; null when it is not. */
  public <E extends Enum<E>> E requiredOneOf(String name, Class<E> constants) {
    return oneOf(name, constants)
        .orElseGet(() -> missing(name, "one of " + Wording.names(constants), null));
  }

  /** A point in time; see {@link Timestamps}. */
  public Optional<Instant> timestamp(String name, Instant now) {
    return any(name).flatMap(node -> Timestamps.read(node, now, detail -> error(name, detail)));
  }

  /** A list of texts; a single text is a list of one. */
  public List<String> strings(String name, int maxItems, int maxLength) {
    return typed(
            name, node -> node.isArray() || node.isString(), "expected text or a list of texts")
        .map(node -> new Texts(name, maxItems, maxLength, this::error).list(node))
        .orElse(List.of());
  }

  /** An object of texts; numbers and booleans are taken as they are written. */
  public Map<String, String> stringMap(String name, int maxPairs, int maxLength) {
    return typed(name, JsonNode::isObject, "expected an object of texts")
        .map(node -> new Texts(name, maxPairs, maxLength, this::error).map(node))
        .orElse(Map.of());
  }

  /** A nested object, whose errors join this one's; {@link #finish} of the outermost covers it. */
  public Optional<JsonFields> object(String name) {
    return typed(name, JsonNode::isObject, "expected an object").map(node -> child(node, name));
  }

  /**
   * A list of objects, each read by the given reader; its results must not be used before {@link
   * #finish}.
   */
  public <T> List<T> objects(String name, int maxItems, Function<JsonFields, T> reader) {
    Optional<JsonNode> value = typed(name, JsonNode::isArray, "expected a list of objects");
    List<T> result = new ArrayList<>();
    if (value.isPresent()) {
      int index = 0;
      for (JsonNode item : bounded(name, value.get(), maxItems)) {
        String at = name + "/" + index++;
        if (holds(item.isObject(), at, "expected an object")) {
          result.add(reader.apply(child(item, at)));
        }
      }
    }
    return result;
  }

  /**
   * Reports a mistake the rules here do not know; a field already reported is not reported twice,
   * and nothing is once there are {@link #MAX_ERRORS}.
   */
  public void error(String name, String detail) {
    String at = name.isEmpty() ? pointer : pointer + "/" + name;
    if (errors.size() < MAX_ERRORS
        && errors.stream().noneMatch(error -> error.pointer().equals(at))) {
      errors.add(new FieldError(at, detail));
    }
  }

  /**
   * Reports the fields nobody asked for, then ends the reading.
   *
   * @throws HttpException 422 with all errors found, here and in nested objects
   */
  public void finish() {
    reportUnknown();
    if (!errors.isEmpty()) {
      throw HttpException.unprocessable(errors);
    }
  }

  private void reportUnknown() {
    for (String name : object.propertyNames()) {
      if (errors.size() == MAX_ERRORS) {
        return;
      }
      if (!known.contains(name)) {
        unknown(name);
      }
    }
    children.forEach(JsonFields::reportUnknown);
  }

  private void unknown(String name) {
    error(
        escape(name),
        "unknown field"
            + NearestName.of(name, known)
                .map(near -> "; did you mean '" + near + "'?")
                .orElseGet(() -> "; known here: " + String.join(", ", known)));
  }

  private JsonFields child(JsonNode node, String at) {
    JsonFields child = new JsonFields(node, pointer + "/" + at, errors);
    children.add(child);
    return child;
  }

  private Optional<JsonNode> typed(String name, Predicate<JsonNode> type, String expected) {
    return any(name)
        .filter(node -> holds(type.test(node), name, expected + ", found " + Wording.found(node)));
  }

  private Iterable<JsonNode> bounded(String name, JsonNode list, int maxItems) {
    return holds(
            list.size() <= maxItems,
            name,
            "%d items; use at most %d".formatted(list.size(), maxItems))
        ? list
        : List.of();
  }

  private <E extends Enum<E>> Optional<E> constant(String name, String value, Class<E> constants) {
    Optional<E> match =
        Stream.of(constants.getEnumConstants())
            .filter(e -> Wording.lower(e).equals(value))
            .findFirst();
    holds(
        match.isPresent(),
        name,
        "'%s'; use one of %s".formatted(Wording.abbreviated(value), Wording.names(constants)));
    return match;
  }

  private <T> T missing(String name, String what, T placeholder) {
    error(name, "is missing; give " + what);
    return placeholder;
  }

  private boolean holds(boolean condition, String name, String detail) {
    if (!condition) {
      error(name, detail);
    }
    return condition;
  }
}
