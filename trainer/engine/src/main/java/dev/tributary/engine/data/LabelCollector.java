package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Collects the labels of a data set's records: either names or numbers. */
final class LabelCollector {

  private final TreeSet<String> names = new TreeSet<>();
  private int highest = -1;

  /**
   * @throws BadRecordException {@code missing_label} or {@code unknown_label}
   */
  void add(JsonNode record) {
    JsonNode label = ClassLabels.require(record);
    if (label.isString() && highest < 0) {
      names.add(label.stringValue());
    } else if (isClass(label) && names.isEmpty()) {
      highest = Math.max(highest, label.intValue());
    } else if (label.isString() || isClass(label)) {
      throw unknown(label, "other records have %s; use one kind".formatted(other()));
    } else {
      throw unknown(
          label, "use a name, or a whole number from 0 to " + (ClassLabels.MOST_CLASSES - 1));
    }
  }

  private String other() {
    return names.isEmpty() ? "numbers" : "names";
  }

  ClassLabels labels(Path file) {
    int count = Math.max(names.size(), highest + 1);
    if (count < 2) {
      throw new ConfigException(
          "%s: label: %d class; a classifier needs records of at least 2 classes"
              .formatted(file, count));
    }
    return names.isEmpty() ? ClassLabels.numbered(count) : ClassLabels.named(List.copyOf(names));
  }

  private static boolean isClass(JsonNode label) {
    return label.isInt() && label.intValue() >= 0 && label.intValue() < ClassLabels.MOST_CLASSES;
  }

  private static BadRecordException unknown(JsonNode label, String fix) {
    return new BadRecordException(
        "unknown_label", "label: %s cannot be used; %s".formatted(label, fix));
  }
}
