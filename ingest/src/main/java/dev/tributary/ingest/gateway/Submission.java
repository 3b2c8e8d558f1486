package dev.tributary.ingest.gateway;

import org.apache.avro.specific.SpecificRecord;

/**
 * A record that has passed every check and may be sent to Kafka.
 *
 * @param id its id: the sender's, or one made of its content
 * @param key its key in Kafka
 * @param record the contract's record
 * @param <T> the contract
 */
record Submission<T extends SpecificRecord>(String id, String key, T record) {}
