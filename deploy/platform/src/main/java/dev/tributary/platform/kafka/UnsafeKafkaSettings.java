package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import java.util.Locale;

/**
 * Refuses client settings through which whoever writes a configuration file could make the process
 * load code or read local files. Kafka's clients block these by default too, but only when the
 * first client starts, and deep in a stack trace.
 */
final class UnsafeKafkaSettings {

  private UnsafeKafkaSettings() {}

  /**
   * @throws ConfigException naming the key, for a login module that looks names up, or a URL to a
   *     local file
   */
  static void refuse(String key, String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (key.endsWith("sasl.jaas.config")
        && (lower.contains("jndiloginmodule") || lower.contains("ldaploginmodule"))) {
      throw new ConfigException(
          "kafka.%s: JNDI and LDAP login modules are refused, because they can load foreign code; use a Kafka login module"
              .formatted(key));
    }
    boolean urlKey = key.contains("sasl.oauthbearer") && key.endsWith(".url");
    if (urlKey && lower.strip().startsWith("file:")) {
      throw new ConfigException(
          "kafka.%s: a file: URL is refused, because it reads local files; use https:"
              .formatted(key));
    }
  }
}
