package dev.tributary.schemas.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;

/**
 * The rule by which contracts evolve: full and transitive. A schema must read what every earlier
 * version wrote, and every earlier version must read what it writes, so that services can be
 * upgraded and rolled back in any order.
 */
public final class Compatibility {

  private Compatibility() {}

  /**
   * Compares a schema with its history.
   *
   * @return one sentence for each break, empty if there is none
   */
  public static List<String> breaks(Schema schema, List<Schema> history) {
    List<String> breaks = new ArrayList<>();
    for (int version = 1; version <= history.size(); version++) {
      Schema released = history.get(version - 1);
      describe(schema, released, "cannot read records of version " + version, breaks);
      describe(released, schema, "cannot be read by version " + version, breaks);
    }
    return List.copyOf(breaks);
  }

  private static void describe(Schema reader, Schema writer, String effect, List<String> breaks) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getResult();
    for (Incompatibility found : result.getIncompatibilities()) {
      breaks.add(
          "%s: %s at %s (%s)"
              .formatted(effect, found.getType(), found.getLocation(), found.getMessage()));
    }
  }
}
