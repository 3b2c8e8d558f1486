package dev.tributary.schemas.registry;

import dev.tributary.foundation.error.ConfigException;
import java.net.URI;

/** Chooses the registry a configuration asks for. */
public final class SchemaRegistries {

  private SchemaRegistries() {}

  /**
   * @param url a Confluent-compatible registry, or null for the local one
   * @throws ConfigException if the URL is not one
   */
  public static SchemaRegistry open(String url) {
    if (url == null) {
      return new LocalSchemaRegistry();
    }
    try {
      return new HttpSchemaRegistry(URI.create(url));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "schema_registry.url: '%s' cannot be used; write an absolute http:// or https:// URL"
              .formatted(url),
          e);
    }
  }
}
