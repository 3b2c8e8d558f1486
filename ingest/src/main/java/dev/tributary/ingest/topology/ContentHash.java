package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema.Field;
import org.apache.avro.specific.SpecificRecord;

/**
 * Tells a record that was sent again from a different one under the same id: SHA-256 over its
 * fields by name, without the time the gateway accepted it, which differs between attempts. Null
 * fields do not count, so a newer version of the contract with another optional field gives the
 * same hash.
 */
final class ContentHash {

  private static final String ACCEPTED_AT = "ingest_time";

  private ContentHash() {}

  /** 64 hexadecimal digits. */
  static String of(SpecificRecord record) {
    MessageDigest digest = sha256();
    for (Field field : record.getSchema().getFields()) {
      Object value = record.get(field.pos());
      if (value != null && !field.name().equals(ACCEPTED_AT)) {
        add(digest, field.name());
        add(
            digest,
            value instanceof Map<?, ?> map ? new TreeMap<>(map).toString() : value.toString());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The length goes first, so that no two lists of texts look alike. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
