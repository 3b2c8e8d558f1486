package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * The classes a classifier knows, by index and by name: {@code id2label} and {@code label2id} of a
 * Hugging Face model.
 */
public final class ClassLabels {

  /** As many as anybody has; a label beyond is a mistake and must not decide about memory. */
  static final int MOST_CLASSES = 100_000;

  private static final int SHOWN = 8;

  private final List<String> names;
  private final Map<String, Integer> indexByName = new HashMap<>();

  private ClassLabels(List<String> names) {
    this.names = List.copyOf(names);
    for (int i = 0; i < names.size(); i++) {
      indexByName.put(names.get(i), i);
    }
  }

  /**
   * @param names in the order of their indices, all different
   * @throws ConfigException if there are fewer than two, or two are the same
   */
  public static ClassLabels named(List<String> names) {
    if (names.size() < 2 || names.size() > MOST_CLASSES) {
      throw ConfigException.of("id2label", names, "use 2 to %d classes".formatted(MOST_CLASSES));
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw ConfigException.of("id2label", names, "give every class a name of its own");
    }
    return new ClassLabels(names);
  }

  /** Classes without names of their own: {@code LABEL_0} and so on, as transformers calls them. */
  public static ClassLabels numbered(int count) {
    return named(IntStream.range(0, count).mapToObj(ClassLabels::numberedName).toList());
  }

  /**
   * The classes that the records of a JSONL file name: names in alphabetical order, or all numbers
   * from 0 to the highest.
   *
   * @throws ConfigException naming file and line, if a record has no usable label or names are
   *     mixed with numbers; or if there are fewer than two classes
   */
  public static ClassLabels learn(Path file) {
    LabelCollector collector = new LabelCollector();
    new JsonLines(file).forEach(collector::add);
    return collector.labels(file);
  }

  public int size() {
    return names.size();
  }

  /** In the order of their indices. */
  public List<String> names() {
    return names;
  }

  public String name(int index) {
    return names.get(index);
  }

  /** Whether the names are only {@link #numbered}. */
  public boolean isNumbered() {
    return IntStream.range(0, names.size()).allMatch(i -> names.get(i).equals(numberedName(i)));
  }

  /**
   * The index of a record's class.
   *
   * @param record its {@code label} is an index or a name
   * @throws BadRecordException {@code missing_label} or {@code unknown_label}
   */
  public int index(JsonNode record) {
    JsonNode label = require(record);
    if (label.isInt() && label.intValue() >= 0 && label.intValue() < size()) {
      return label.intValue();
    }
    Integer index = label.isString() ? indexByName.get(label.stringValue()) : null;
    if (index == null) {
      throw new BadRecordException(
          "unknown_label",
          "label: %s is no class; use a number from 0 to %d, or one of %s"
              .formatted(label, size() - 1, shown()));
    }
    return index;
  }

  /** The label of a record, whatever it is. */
  static JsonNode require(JsonNode record) {
    if (!record.hasNonNull("label")) {
      throw new BadRecordException(
          "missing_label",
          "label: is missing; give the record's class, as a number or a name, in \"label\"");
    }
    return record.path("label");
  }

  private String shown() {
    String few = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? "%s, … (%d in all)".formatted(few, names.size()) : few;
  }

  private static String numberedName(int index) {
    return "LABEL_" + index;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassLabels that && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return "ClassLabels" + names;
  }
}
