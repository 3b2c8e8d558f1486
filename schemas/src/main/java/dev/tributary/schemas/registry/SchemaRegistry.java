package dev.tributary.schemas.registry;

import org.apache.avro.Schema;

/**
 * The seam to whatever gives schemas their ids. Implementations are thread-safe and answer repeated
 * questions from memory.
 *
 * <p>A subject is the full name of the record ({@link Subjects}); an id is the non-negative number
 * of Confluent's wire format.
 */
public interface SchemaRegistry {

  /**
   * Makes a writer's schema known.
   *
   * @return its id
   * @throws dev.tributary.foundation.error.ConfigException if the schema is refused, for example as
   *     incompatible with what the subject already holds
   * @throws dev.tributary.foundation.error.RetriableException if the registry cannot be reached now
   */
  int register(String subject, Schema schema);

  /**
   * Finds the schema a record was written with.
   *
   * @throws dev.tributary.foundation.error.BadRecordException {@code unknown_schema} if no schema
   *     has this id
   * @throws dev.tributary.foundation.error.RetriableException if the registry cannot be reached now
   */
  Schema schema(int id);
}
