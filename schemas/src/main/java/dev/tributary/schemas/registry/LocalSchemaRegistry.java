package dev.tributary.schemas.registry;

import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.schemas.topics.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * A registry without a server. It knows the released history of every contract and derives ids from
 * the schemas themselves, so that independent processes of any version agree without talking. It
 * validates as a server would: what is not fully compatible with a subject's whole history is
 * refused.
 */
public final class LocalSchemaRegistry implements SchemaRegistry {

  private final Map<String, List<Schema>> versions = new HashMap<>();
  private final Map<Integer, Schema> schemas = new HashMap<>();

  /** A registry holding every released version of every contract in {@link Topics}. */
  public LocalSchemaRegistry() {
    for (String subject : Topics.subjects()) {
      ReleasedSchemas.of(subject).forEach(schema -> register(subject, schema));
    }
  }

  @Override
  public synchronized int register(String subject, Schema schema) {
    int id = Fingerprints.id(schema);
    List<Schema> history = versions.computeIfAbsent(subject, s -> new ArrayList<>());
    if (history.stream().anyMatch(known -> Fingerprints.id(known) == id)) {
      return id;
    }
    List<String> breaks = Compatibility.breaks(schema, history);
    if (!breaks.isEmpty()) {
      throw new ConfigException(
          ("schema of %s is incompatible: %s;"
                  + " add fields with defaults instead of changing or removing them")
              .formatted(subject, String.join("; ", breaks)));
    }
    Schema other = schemas.putIfAbsent(id, schema);
    if (other != null && !sameCanonicalForm(other, schema)) {
      throw new ConfigException(
          "schema id %d of %s is taken by %s; rename a field of one of them"
              .formatted(id, subject, other.getFullName()));
    }
    history.add(schema);
    return id;
  }

  @Override
  public synchronized Schema schema(int id) {
    Schema schema = schemas.get(id);
    if (schema == null) {
      throw new BadRecordException(
          "unknown_schema",
          "schema id %d is not in the local registry's released history".formatted(id));
    }
    return schema;
  }

  private static boolean sameCanonicalForm(Schema a, Schema b) {
    return SchemaNormalization.toParsingForm(a).equals(SchemaNormalization.toParsingForm(b));
  }
}
