package dev.tributary.foundation.config;

import dev.tributary.foundation.error.ConfigException;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Looks through a YAML text before it is bound, for what the binder would read as something else: aliases (it takes their
 * name for the value) and further documents (it ignores them). Refusing aliases also makes alias bombs impossible.
 */
final class YamlEvents {

  private YamlEvents() {}

  /** Returns whether the text holds no document at all. */
  static boolean check(String text, String source) {
    int documents = 0;
    try {
      for (Event event : new Parse(LoadSettings.builder().build()).parseString(text)) {
        switch (event.getEventId()) {
          case Alias -> throw refuse(event, source, "aliases are not supported; write the value out");
          case DocumentStart -> documents++;
          default -> {
            if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
              throw refuse(event, source, "anchors are not supported; write the value out where it is used");
            }
          }
        }
        if (documents > 1) {
          throw refuse(event, source, "a second document starts here; keep one");
        }
      }
    } catch (YamlEngineException e) {
      throw new ConfigException(source + ": not YAML: " + e.getMessage().strip().replaceAll("\\s*\\n\\s*", "; "), e);
    }
    return documents == 0;
  }

  private static ConfigException refuse(Event event, String source, String fix) {
    int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    return new ConfigException("%s line %d: %s".formatted(source, line, fix));
  }
}
