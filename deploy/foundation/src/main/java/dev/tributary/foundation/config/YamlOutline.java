package dev.tributary.foundation.config;

import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A look through a YAML text before it is bound: on which line each key stands, and whether there
 * is anything the binder would read as something else, that is aliases (it takes their name for the
 * value) and further documents (it ignores them). Refusing aliases also makes alias bombs
 * impossible.
 */
final class YamlOutline {

  private final String source;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Deque<Level> levels = new ArrayDeque<>();
  private int documents;
  private boolean empty = true;

  private YamlOutline(String source) {
    this.source = source;
  }

  /**
   * @throws ConfigException when the text is no YAML, or has an alias, an anchor or a second
   *     document
   */
  static YamlOutline of(String text, String source) {
    YamlOutline outline = new YamlOutline(source);
    try {
      new Parse(LoadSettings.builder().build()).parseString(text).forEach(outline::accept);
    } catch (YamlEngineException e) {
      String problem = e.getMessage().strip().replaceAll("\\s*\\n\\s*", "; ");
      throw new ConfigException(source + ": not YAML: " + problem, e);
    }
    return outline;
  }

  /** Whether the text holds no value at all. */
  boolean isEmpty() {
    return empty;
  }

  /** Line, from 1, of a key given as {@code section.key} or {@code list[0].key}. */
  OptionalInt lineOf(String path) {
    Integer line = lines.get(path);
    return line == null ? OptionalInt.empty() : OptionalInt.of(line);
  }

  private void accept(Event event) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      throw refuse(event, "aliases and anchors are not supported; write the value out");
    }
    switch (event.getEventId()) {
      case DocumentStart -> startDocument(event);
      case MappingStart, SequenceStart -> {
        String path = enterValue(event);
        levels.push(new Level(path, event.getEventId() == Event.ID.MappingStart));
        empty = false;
      }
      case MappingEnd, SequenceEnd -> levels.pop();
      case Scalar -> scalar((ScalarEvent) event);
      default -> {
        // Stream and document ends say nothing about values.
      }
    }
  }

  private void startDocument(Event event) {
    documents++;
    if (documents > 1) {
      throw refuse(event, "a second document starts here; keep one");
    }
  }

  private void scalar(ScalarEvent event) {
    Level level = levels.peek();
    if (level != null && level.mapping && level.key == null) {
      level.key = event.getValue();
      return;
    }
    enterValue(event);
    empty = empty && event.getValue().isEmpty();
  }

  /** Notes the line of a value and returns its path. */
  private String enterValue(Event event) {
    Level level = levels.peek();
    String path = level == null ? "" : level.nextPath();
    lines.put(path, line(event));
    return path;
  }

  private ConfigException refuse(Event event, String fix) {
    return new ConfigException("%s line %d: %s".formatted(source, line(event), fix));
  }

  private static int line(Event event) {
    return event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  /** A mapping or sequence being read. */
  private static final class Level {

    private final String path;
    private final boolean mapping;
    private String key;
    private int index;

    Level(String path, boolean mapping) {
      this.path = path;
      this.mapping = mapping;
    }

    String nextPath() {
      if (!mapping) {
        return path + "[" + index++ + "]";
      }
      String next = path.isEmpty() ? key : path + "." + key;
      key = null;
      return next;
    }
  }
}
