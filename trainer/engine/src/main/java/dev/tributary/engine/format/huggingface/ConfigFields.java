package dev.tributary.engine.format.huggingface;

import dev.tributary.engine.kernels.Activation;
import dev.tributary.foundation.error.ConfigException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields of a {@code config.json}, or of an object in it. A field that is null counts as
 * absent, as in transformers. Every complaint names field, value and fix.
 */
final class ConfigFields {

  private final String prefix;
  private final ObjectNode json;

  ConfigFields(ObjectNode json) {
    this("", json);
  }

  private ConfigFields(String prefix, ObjectNode json) {
    this.prefix = prefix;
    this.json = json;
  }

  /** Whether the field is there, even as null. */
  boolean names(String field) {
    return json.has(field);
  }

  boolean has(String field) {
    return json.hasNonNull(field);
  }

  /** A whole number of at least 1 that must be there. */
  int positive(String field) {
    if (!has(field)) {
      throw ConfigException.of(prefix + field, json.get(field), "it is needed: name the number");
    }
    return positive(field, 1);
  }

  /** A whole number of at least 1. */
  int positive(String field, int absent) {
    if (!has(field)) {
      return absent;
    }
    JsonNode node = json.get(field);
    if (!node.isInt() || node.intValue() < 1) {
      throw refused(field, "use a whole number of at least 1");
    }
    return node.intValue();
  }

  double number(String field, double absent) {
    if (!has(field)) {
      return absent;
    }
    if (!json.get(field).isNumber()) {
      throw refused(field, "use a number");
    }
    return json.get(field).doubleValue();
  }

  boolean flag(String field, boolean absent) {
    if (!has(field)) {
      return absent;
    }
    if (!json.get(field).isBoolean()) {
      throw refused(field, "use true or false");
    }
    return json.get(field).booleanValue();
  }

  String text(String field, String absent) {
    if (!has(field)) {
      return absent;
    }
    if (!json.get(field).isString()) {
      throw refused(field, "use a text");
    }
    return json.get(field).stringValue();
  }

  /** The texts of a list; none if there is no such list. */
  List<String> texts(String field) {
    return json.path(field).valueStream().map(node -> node.asString("")).toList();
  }

  /** An object that is not empty. */
  Optional<ConfigFields> object(String field) {
    return json.path(field) instanceof ObjectNode object && !object.isEmpty()
        ? Optional.of(new ConfigFields(prefix + field + ".", object))
        : Optional.empty();
  }

  /** Number of entries of an object or list; 0 if there is none. */
  int size(String field) {
    return json.path(field).size();
  }

  /** The function between the two layers of a feed-forward network. */
  Activation activation(String field, String absent) {
    return switch (text(field, absent)) {
      case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      case "gelu" -> Activation.GELU;
      case "silu", "swish" -> Activation.SILU;
      case "relu" -> Activation.RELU;
      case "tanh" -> Activation.TANH;
      default ->
          throw refused(
              field, "use a model with gelu_new, gelu_pytorch_tanh, gelu, silu, relu or tanh");
    };
  }

  /** Refuses any value but one, which is what it means to be absent, too. */
  void requireFlag(String field, boolean only) {
    if (flag(field, only) != only) {
      throw refused(field, "only " + only + " is computed");
    }
  }

  /** Refuses an object or list with something in it. */
  void requireNothing(String field, String fix) {
    if (size(field) > 0) {
      throw refused(field, fix);
    }
  }

  ConfigException refused(String field, String fix) {
    JsonNode node = json.path(field);
    return ConfigException.of(prefix + field, node.isString() ? node.stringValue() : node, fix);
  }
}
