package dev.tributary.platform.kafka;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.tributary.foundation.error.ConfigException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The {@code kafka:} map of a configuration file: the clients' own settings under their own names,
 * passed on untouched.
 *
 * <p>A key may carry the prefix {@code consumer.}, {@code producer.}, {@code admin.} or {@code
 * streams.}; it then applies to that kind of client only, and wins over the same key without a
 * prefix. Secrets never show in {@link #toString()}.
 */
public final class KafkaSettings {

  private static final String BOOTSTRAP = "bootstrap.servers";
  private static final List<String> PREFIXES =
      List.of("consumer.", "producer.", "admin.", "streams.");

  private final Map<String, String> settings;

  private KafkaSettings(Map<String, String> settings) {
    this.settings = Map.copyOf(settings);
    this.settings.forEach(UnsafeKafkaSettings::refuse);
  }

  /**
   * @param raw dotted keys to text, numbers or booleans, as a YAML file has them
   * @throws ConfigException if a value is a map or list, or names something a configuration must
   *     not reach
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static KafkaSettings of(Map<String, Object> raw) {
    Map<String, String> settings = new LinkedHashMap<>();
    raw.forEach((key, value) -> settings.put(key, scalar(key, value)));
    return new KafkaSettings(settings);
  }

  public static KafkaSettings of(String bootstrapServers) {
    return new KafkaSettings(Map.of(BOOTSTRAP, bootstrapServers));
  }

  public static KafkaSettings empty() {
    return new KafkaSettings(Map.of());
  }

  private static String scalar(String key, Object value) {
    if (value instanceof String || value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    throw ConfigException.of(
        "kafka." + key,
        value,
        "write Kafka's own dotted key and one value, such as 'linger.ms: 5'");
  }

  /** Empty when the file leaves the choice of a broker to the caller. */
  public Optional<String> bootstrapServers() {
    return Optional.ofNullable(settings.get(BOOTSTRAP));
  }

  /** The same with one setting replaced or added. */
  public KafkaSettings with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new KafkaSettings(more);
  }

  /**
   * Settings for a consumer. The map is the caller's own: it may add what its use of the client
   * requires.
   */
  public Map<String, Object> consumer() {
    return forKind("consumer.");
  }

  /** Settings for a producer, to be changed as the caller likes. */
  public Map<String, Object> producer() {
    return forKind("producer.");
  }

  /** Settings for an admin client, to be changed as the caller likes. */
  public Map<String, Object> admin() {
    return forKind("admin.");
  }

  /**
   * Settings for Kafka Streams, to be changed as the caller likes. Keys with the prefixes {@code
   * consumer.}, {@code producer.} and {@code admin.} stay as they are, because Streams reads these
   * itself.
   */
  public Map<String, Object> streams() {
    Map<String, Object> result = new LinkedHashMap<>(settings);
    overlay(result, "streams.");
    result.keySet().removeIf(key -> key.startsWith("streams."));
    return result;
  }

  private Map<String, Object> forKind(String prefix) {
    Map<String, Object> result = new LinkedHashMap<>();
    settings.forEach(
        (key, value) -> {
          if (PREFIXES.stream().noneMatch(key::startsWith)) {
            result.put(key, value);
          }
        });
    overlay(result, prefix);
    return result;
  }

  private void overlay(Map<String, Object> result, String prefix) {
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            result.put(key.substring(prefix.length()), value);
          }
        });
  }

  /** The settings as they were given; for printing, prefer {@link #masked()}. */
  @JsonValue
  public Map<String, String> asMap() {
    return settings;
  }

  /** The settings by key with the values of secrets replaced. */
  public Map<String, String> masked() {
    Map<String, String> result = new TreeMap<>();
    settings.forEach((key, value) -> result.put(key, isSecret(key) ? "[hidden]" : value));
    return result;
  }

  private static boolean isSecret(String key) {
    return key.contains("password")
        || key.contains("secret")
        || key.contains("jaas")
        || key.contains("credential")
        || key.endsWith("keystore.key");
  }

  @Override
  public String toString() {
    return masked().toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KafkaSettings that && settings.equals(that.settings);
  }

  @Override
  public int hashCode() {
    return settings.hashCode();
  }
}
