package dev.tributary.ingest.topology;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tells a record that was sent again from a different one under the same id: a hash of everything but the time the gateway
 * accepted it, which differs between attempts.
 */
final class ContentHash {

  private ContentHash() {}

  static String of(InstructionRecord record) {
    InstructionRecord timeless =
        InstructionRecord.newBuilder(record).setIngestTime(Instant.EPOCH).setMetadata(Map.of()).build();
    return hash(timeless::toByteBuffer, record.getMetadata());
  }

  static String of(Interaction record) {
    Interaction timeless = Interaction.newBuilder(record).setIngestTime(Instant.EPOCH).setMetadata(Map.of()).build();
    return hash(timeless::toByteBuffer, record.getMetadata());
  }

  static String of(Feedback record) {
    Feedback timeless = Feedback.newBuilder(record).setIngestTime(Instant.EPOCH).setMetadata(Map.of()).build();
    return hash(timeless::toByteBuffer, record.getMetadata());
  }

  @FunctionalInterface
  private interface Encoding {
    ByteBuffer bytes() throws IOException;
  }

  /** Avro writes maps in whatever order they iterate, so metadata is hashed apart, in order. */
  private static String hash(Encoding encoding, Map<String, String> metadata) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(encoding.bytes());
      digest.update(new TreeMap<>(metadata).toString().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
