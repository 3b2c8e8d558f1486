package dev.tributary.app.records;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Ids of records on their way to the gateway: their own, or one made of their content by the
 * gateway's rule, so that a record can be followed and is the same record when it is sent again.
 */
final class RecordId {

  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
  private static final int BYTES = 16;

  private RecordId() {}

  /** Gives the record an id unless it has one. */
  static ObjectNode giveTo(ObjectNode record) {
    return record.has("id") ? record : record.put("id", ofContent(record));
  }

  private static String ofContent(ObjectNode record) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(SORTED.writeValueAsString(record).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
