package dev.tributary.schemas.registry;

import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * Derives a schema id from the schema alone, so that processes that never speak to each other agree
 * on it: the first four bytes of the SHA-256 fingerprint of Avro's parsing canonical form, without
 * the sign bit. Schemas that differ only in what a reader of the bytes does not need
 * (documentation, defaults) share an id.
 */
final class Fingerprints {

  private Fingerprints() {}

  static int id(Schema schema) {
    try {
      byte[] fingerprint = SchemaNormalization.parsingFingerprint("SHA-256", schema);
      return ByteBuffer.wrap(fingerprint).getInt() & Integer.MAX_VALUE;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
