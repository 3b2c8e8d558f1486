package dev.tributary.ingest.gateway;

import dev.tributary.platform.http.JsonFields;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * Reads one kind of record from JSON. Stateless.
 *
 * @param <T> the contract it makes
 */
@FunctionalInterface
interface RecordReader<T extends SpecificRecord> {

  /**
   * @param now when the record was accepted; also its event time where the sender names none
   * @throws dev.tributary.platform.http.HttpException 422 with everything that is wrong with it
   */
  Submission<T> read(JsonFields fields, Instant now);
}
