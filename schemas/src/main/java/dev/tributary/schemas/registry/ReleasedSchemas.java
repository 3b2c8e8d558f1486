package dev.tributary.schemas.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The released history of every contract, bundled as {@code released/<subject>/v<n>.avsc} from
 * version 1 without gaps. Released files never change: a changed contract is a new file.
 */
final class ReleasedSchemas {

  private ReleasedSchemas() {}

  /** All released versions of a subject, oldest first. */
  static List<Schema> of(String subject) {
    List<Schema> versions = new ArrayList<>();
    while (true) {
      String resource = "released/%s/v%d.avsc".formatted(subject, versions.size() + 1);
      try (InputStream file = ReleasedSchemas.class.getResourceAsStream(resource)) {
        if (file == null) {
          return List.copyOf(versions);
        }
        versions.add(new Schema.Parser().parse(file));
      } catch (IOException e) {
        throw new UncheckedIOException(resource, e);
      }
    }
  }
}
