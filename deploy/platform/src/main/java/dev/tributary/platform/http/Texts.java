package dev.tributary.platform.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads lists and maps of texts.
 *
 * @param name the field they stand in
 * @param maxItems of list or map
 * @param maxLength characters of each text
 * @param error takes the place, as a pointer without its first slash, and what is wrong there
 */
record Texts(String name, int maxItems, int maxLength, BiConsumer<String, String> error) {

  List<String> list(JsonNode node) {
    List<String> result = new ArrayList<>();
    if (node.isString()) {
      add(result, name, node);
    } else if (fits(node, "items")) {
      for (JsonNode item : node) {
        add(result, name + "/" + result.size(), item);
      }
    }
    return result;
  }

  Map<String, String> map(JsonNode node) {
    Map<String, String> result = new LinkedHashMap<>();
    if (fits(node, "pairs")) {
      node.properties().forEach(pair -> put(result, pair.getKey(), pair.getValue()));
    }
    return result;
  }

  private boolean fits(JsonNode node, String things) {
    if (node.size() > maxItems) {
      error.accept(name, "%d %s; use at most %d".formatted(node.size(), things, maxItems));
      return false;
    }
    return true;
  }

  /** Adds a placeholder for a bad item, so that the places of those after it stay right. */
  private void add(List<String> result, String place, JsonNode item) {
    if (!item.isString()) {
      error.accept(place, "expected text, found " + Wording.found(item));
    } else {
      checkLength(place, item.stringValue());
    }
    result.add(item.isString() ? item.stringValue() : "");
  }

  private void put(Map<String, String> result, String key, JsonNode value) {
    String place = name + "/" + JsonFields.escape(key);
    if (!value.isValueNode() || value.isNull()) {
      error.accept(place, "expected text, found " + Wording.found(value));
      return;
    }
    checkLength(place, value.asString());
    result.put(key, value.asString());
  }

  private void checkLength(String place, String text) {
    if (text.length() > maxLength) {
      error.accept(place, "%d characters; use at most %d".formatted(text.length(), maxLength));
    }
  }
}
