package dev.tributary.schemas.topics;

import dev.tributary.foundation.error.ConfigException;

/**
 * How wide topics are made: the {@code topics:} map of the configuration.
 *
 * @param partitions of every topic, 1 to 1,000; the most processes that can share a stage's work;
 *     default 4
 * @param replicationFactor copies of every partition, 1 to 15, at most the number of brokers;
 *     default 1
 */
public record TopicSettings(Integer partitions, Integer replicationFactor) {

  /** What holds where the configuration says nothing. */
  public static final TopicSettings DEFAULT = new TopicSettings(null, null);

  public TopicSettings {
    partitions = partitions == null ? 4 : partitions;
    replicationFactor = replicationFactor == null ? 1 : replicationFactor;
    if (partitions < 1 || partitions > 1_000) {
      throw ConfigException.of(
          "topics.partitions", partitions, "use a whole number from 1 to 1000");
    }
    if (replicationFactor < 1 || replicationFactor > 15) {
      throw ConfigException.of(
          "topics.replication_factor",
          replicationFactor,
          "use a whole number from 1 to the number of brokers");
    }
  }
}
