package dev.tributary.engine.data;

import dev.tributary.foundation.error.BadRecordException;
import tools.jackson.databind.JsonNode;

/** How a record of a data set becomes an example. */
@FunctionalInterface
public interface RecordEncoding {

  /**
   * @param json one record
   * @throws BadRecordException {@code record_form} if the record has none of the forms this
   *     understands, or the reason of the form
   */
  Encoded encode(JsonNode json);
}
