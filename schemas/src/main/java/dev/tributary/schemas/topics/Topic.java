package dev.tributary.schemas.topics;

import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/**
 * A topic of the catalogue.
 *
 * @param name its name in Kafka
 * @param contract the record its values hold; empty where values are whatever bytes arrived
 * @param config topic settings it is created with, in Kafka's names
 */
public record Topic(
    String name, Optional<Class<? extends SpecificRecord>> contract, Map<String, String> config) {

  public Topic {
    config = Map.copyOf(config);
  }
}
