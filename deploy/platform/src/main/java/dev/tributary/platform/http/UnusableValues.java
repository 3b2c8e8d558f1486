package dev.tributary.platform.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds values that JSON can write but that cannot be stored and read back as they are. */
final class UnusableValues {

  private final List<FieldError> errors = new ArrayList<>();

  private UnusableValues() {}

  /** All of them, in document order, up to {@link JsonFields#MAX_ERRORS}. */
  static List<FieldError> in(JsonNode document) {
    UnusableValues search = new UnusableValues();
    search.visit(document, "");
    return search.errors;
  }

  /** Depth is bounded by the parser. */
  private void visit(JsonNode node, String pointer) {
    if (errors.size() == JsonFields.MAX_ERRORS) {
      return;
    }
    if (node.isObject()) {
      node.properties().forEach(field -> visitField(field.getKey(), field.getValue(), pointer));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        visit(node.get(i), pointer + "/" + i);
      }
    } else if (node.isString()) {
      problem(node.stringValue()).ifPresent(detail -> errors.add(new FieldError(pointer, detail)));
    } else if (node.isNumber() && !Double.isFinite(node.doubleValue())) {
      errors.add(
          new FieldError(
              pointer, "the number is beyond the range of a double; use one within ±1.797e308"));
    }
  }

  private void visitField(String name, JsonNode value, String pointer) {
    Optional<String> problem = problem(name);
    if (problem.isPresent() && errors.size() < JsonFields.MAX_ERRORS) {
      errors.add(new FieldError(pointer, "a field's name: " + problem.get()));
    } else {
      visit(value, pointer + "/" + JsonFields.escape(name));
    }
  }

  private static Optional<String> problem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return Optional.of("NUL (\\u0000) at character " + i + "; leave it out");
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return Optional.of("half a surrogate pair at character " + i + "; send whole characters");
      }
    }
    return Optional.empty();
  }
}
