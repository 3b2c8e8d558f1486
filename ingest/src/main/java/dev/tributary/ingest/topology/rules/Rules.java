package dev.tributary.ingest.topology.rules;

/**
 * What a record must meet beyond its schema.
 *
 * @param <T> the record's contract
 */
public interface Rules<T> {

  /**
   * @param key the Kafka record's key, null if it has none
   * @throws dev.tributary.foundation.error.BadRecordException at the first rule broken; its reason
   *     is the rule's code
   */
  void check(String key, T record);
}
