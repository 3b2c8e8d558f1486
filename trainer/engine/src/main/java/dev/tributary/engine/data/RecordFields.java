package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import tools.jackson.databind.JsonNode;

/** Reads the fields of a record, and says which one is not what it should be. */
final class RecordFields {

  private RecordFields() {}

  static String text(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (!node.isString()) {
      throw new BadRecordException(
          "field_type",
          "%s: %s is not a text".formatted(field, node.isMissingNode() ? "nothing" : node));
    }
    return node.stringValue();
  }

  /** The text, or an empty one if the field is absent or null. */
  static String optionalText(JsonNode json, String field) {
    return json.hasNonNull(field) ? text(json, field) : "";
  }

  static int[] integers(JsonNode json, String field) {
    JsonNode node = json.path(field);
    if (!node.isArray()) {
      throw new BadRecordException("field_type", field + ": is not a list of whole numbers");
    }
    int[] values = new int[node.size()];
    for (int i = 0; i < values.length; i++) {
      if (!node.get(i).isInt()) {
        throw new BadRecordException(
            "field_type", "%s[%d]: %s is not a whole number".formatted(field, i, node.get(i)));
      }
      values[i] = node.get(i).intValue();
    }
    return values;
  }

  /** Refuses a number that is no token. */
  static void requireToken(String field, int index, int id, int vocabularySize) {
    if (id < 0 || id >= vocabularySize) {
      throw new BadRecordException(
          "token_range",
          "%s[%d]: %d is no token of a vocabulary of %d"
              .formatted(field, index, id, vocabularySize));
    }
  }
}
