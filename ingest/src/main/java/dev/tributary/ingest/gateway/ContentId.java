package dev.tributary.ingest.gateway;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Ids of records whose sender gave none: the first 128 bits of the SHA-256 of what was sent,
 * whatever the order of its fields and the white space between them. Sending such a record again,
 * after a timeout for example, gives it the same id, under which the topology drops it as a
 * duplicate.
 */
final class ContentId {

  private static final ObjectMapper SORTED =
      JsonMapper.builder().enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED).build();
  private static final int BYTES = 16;

  private ContentId() {}

  /** 32 hexadecimal digits. */
  static String of(JsonNode record) {
    return HexFormat.of().formatHex(sha256(SORTED.writeValueAsBytes(record)), 0, BYTES);
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
