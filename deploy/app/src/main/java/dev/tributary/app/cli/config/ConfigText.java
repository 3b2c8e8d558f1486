package dev.tributary.app.cli.config;

import dev.tributary.app.runtime.TributaryConfig;
import java.nio.file.Path;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** A configuration as a file would say it. */
final class ConfigText {

  private static final JsonMapper TREE =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .addModule(
              new SimpleModule("tributary-config-text")
                  .addSerializer(Duration.class, new DurationText())
                  .addSerializer(Path.class, new PathText()))
          .build();
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .build();

  private ConfigText() {}

  static String json(TributaryConfig config) {
    return JSON.writeValueAsString(tree(config));
  }

  static String yaml(TributaryConfig config) {
    return YAML.writeValueAsString(tree(config));
  }

  private static ObjectNode tree(TributaryConfig config) {
    ObjectNode settings = TREE.valueToTree(config);
    // The Kafka section holds its secrets; people get it masked.
    settings.set("kafka", TREE.valueToTree(config.kafka().masked()));
    return settings;
  }

  /** Durations in the notation files use. */
  private static final class DurationText extends StdSerializer<Duration> {

    DurationText() {
      super(Duration.class);
    }

    @Override
    public void serialize(Duration value, JsonGenerator out, SerializationContext context) {
      out.writeString(text(value));
    }

    private static String text(Duration value) {
      if (value.toMillis() % 1_000 != 0) {
        return value.toMillis() + "ms";
      }
      long seconds = value.toSeconds();
      for (Unit unit : Unit.values()) {
        if (seconds > 0 && seconds % unit.seconds == 0) {
          return seconds / unit.seconds + unit.letter;
        }
      }
      return "0s";
    }
  }

  /** The largest that divides a duration is the one to say it in. */
  private enum Unit {
    DAY("d", 86_400),
    HOUR("h", 3_600),
    MINUTE("m", 60),
    SECOND("s", 1);

    private final String letter;
    private final long seconds;

    Unit(String letter, long seconds) {
      this.letter = letter;
      this.seconds = seconds;
    }
  }

  /** Paths as they are, not as URLs. */
  private static final class PathText extends StdSerializer<Path> {

    PathText() {
      super(Path.class);
    }

    @Override
    public void serialize(Path value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.toString());
    }
  }
}
