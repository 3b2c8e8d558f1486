package dev.tributary.foundation.config;

import dev.tributary.foundation.error.ConfigException;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Turns the binder's complaints into sentences that name the file, the key and the fix. */
final class YamlErrors {

  private YamlErrors() {}

  static ConfigException explain(JacksonException error, String source) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException config) {
        return new ConfigException(source + ": " + prefixed(config.getMessage(), error), error);
      }
    }
    String place = place(error, source);
    return new ConfigException(
        switch (error) {
          case UnrecognizedPropertyException unknown -> place + unknownKey(unknown);
          case InvalidFormatException format ->
              "%s'%s' cannot be used; %s".formatted(place, format.getValue(), wanted(format));
          case MismatchedInputException mismatch -> place + wanted(mismatch);
          default -> place + error.getOriginalMessage();
        },
        error);
  }

  /** A constructor's message names its field; nothing is added but where the mapping stands, when that is deeper. */
  private static String prefixed(String message, JacksonException error) {
    return error.getPath().isEmpty() ? message : path(error) + ": " + message;
  }

  private static String unknownKey(UnrecognizedPropertyException error) {
    String key = error.getPropertyName();
    Collection<String> known =
        error.getKnownPropertyIds().stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
    return "unknown key"
        + ForeignNames.ourNameFor(key, known)
            .map(ours -> "; Tributary calls it '" + ours + "'")
            .or(() -> NearestName.of(key, known).map(near -> "; did you mean '" + near + "'?"))
            .orElse("; known keys here: " + String.join(", ", known));
  }

  private static String wanted(MismatchedInputException error) {
    String detail = error.getOriginalMessage();
    Class<?> target = error.getTargetType();
    if (detail.contains("null") && target != null && target.isPrimitive()) {
      return "is missing; give " + kind(target);
    }
    if (detail.contains("write a duration")) {
      return "write a duration such as 250ms, 10s, 5m, 1h or 2d";
    }
    if (target == null) {
      return detail;
    }
    if (target.isEnum()) {
      return "use one of "
          + java.util.Arrays.stream(target.getEnumConstants())
              .map(constant -> constant.toString().toLowerCase(java.util.Locale.ROOT))
              .collect(Collectors.joining(", "));
    }
    return "expected " + kind(target);
  }

  private static String kind(Class<?> type) {
    if (type == int.class || type == long.class || type == Integer.class || type == Long.class) {
      return "a whole number in range";
    }
    if (Number.class.isAssignableFrom(type) || type.isPrimitive() && type != boolean.class) {
      return "a number";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type == String.class || type.getName().startsWith("java.") && !java.util.Map.class.isAssignableFrom(type)
        ? "text"
        : "a mapping of keys to values";
  }

  private static String place(JacksonException error, String source) {
    int line = error.getLocation() == null ? -1 : error.getLocation().getLineNr();
    String at = line > 0 ? source + " line " + line : source;
    return error instanceof StreamReadException && error.getPath().isEmpty()
        ? at + ": "
        : at + ": " + (error.getPath().isEmpty() ? "" : path(error) + ": ");
  }

  private static String path(JacksonException error) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : error.getPath()) {
      if (step.getPropertyName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
      }
    }
    return path.toString();
  }
}
