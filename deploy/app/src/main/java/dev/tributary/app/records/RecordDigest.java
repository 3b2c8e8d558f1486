package dev.tributary.app.records;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over the records seen so far. For one thread. */
final class RecordDigest {

  private final MessageDigest digest;

  RecordDigest() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  void add(SourceRecord record) {
    digest.update(record.json().toString().getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
  }

  /** The digest so far, in hexadecimal; more may be added afterwards. */
  String hex() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the runtime's SHA-256 can be cloned", e);
    }
  }
}
