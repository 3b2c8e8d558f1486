package dev.tributary.foundation.config;

import dev.tributary.foundation.error.ConfigException;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Turns the binder's complaints into sentences that name the file, the line, the key and the fix.
 */
final class YamlErrors {

  private YamlErrors() {}

  static ConfigException explain(JacksonException error, YamlOutline outline, String source) {
    return new ConfigException(place(error, outline, source) + problem(error), error);
  }

  /** {@code file line 3: section.key: }, as far as known. */
  private static String place(JacksonException error, YamlOutline outline, String source) {
    String path = path(error);
    int line =
        outline
            .lineOf(path)
            .orElse(error.getLocation() == null ? 0 : error.getLocation().getLineNr());
    return source + (line > 0 ? " line " + line : "") + ": " + (path.isEmpty() ? "" : path + ": ");
  }

  private static String problem(JacksonException error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConfigException config) {
        return config.getMessage(); // from a record's own checks, which name their field
      }
    }
    return switch (error) {
      case UnrecognizedPropertyException unknown -> unknownKey(unknown);
      case InvalidFormatException format ->
          "'%s' cannot be used; %s".formatted(format.getValue(), wanted(format));
      case MismatchedInputException mismatch -> wanted(mismatch);
      case InputCoercionException overflow -> "expected " + kind(overflow.getTargetType());
      default -> error.getOriginalMessage();
    };
  }

  private static String unknownKey(UnrecognizedPropertyException error) {
    String key = error.getPropertyName();
    Collection<String> known =
        error.getKnownPropertyIds().stream()
            .map(Object::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    return "unknown key"
        + ForeignNames.ourNameFor(key, known)
            .map(ours -> "; Tributary calls it '" + ours + "'")
            .or(() -> NearestName.of(key, known).map(near -> "; did you mean '" + near + "'?"))
            .orElse("; known keys here: " + String.join(", ", known));
  }

  private static String wanted(MismatchedInputException error) {
    if (error.getOriginalMessage().startsWith("Missing required creator property")) {
      return "is missing; give it a value";
    }
    Class<?> type = error.getTargetType();
    if (type == null) {
      return error.getOriginalMessage();
    }
    return type.isEnum() ? "use one of " + constants(type) : "expected " + kind(type);
  }

  private static String constants(Class<?> type) {
    return Stream.of(type.getEnumConstants())
        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  private static String kind(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int", "long", "Integer", "Long" -> "a whole number in range";
      case "double", "float", "Double", "Float" -> "a number";
      case "boolean", "Boolean" -> "true or false";
      case "Duration" -> "a duration such as 250ms, 10s, 5m, 1h or 2d";
      case "String", "Path" -> "text";
      default ->
          Collection.class.isAssignableFrom(type)
              ? "a list"
              : type.isRecord() || Map.class.isAssignableFrom(type)
                  ? "a mapping of keys to values"
                  : "another value";
    };
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
