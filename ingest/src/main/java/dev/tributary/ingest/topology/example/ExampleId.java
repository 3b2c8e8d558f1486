package dev.tributary.ingest.topology.example;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tributary.schemas.TrainingExample;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names an example after what it says and the record it comes from: SHA-256 over length-prefixed
 * fields. The same input gives the same id whenever it is processed; times and metadata do not
 * count.
 */
final class ExampleId {

  private static final int MISSING = -1;

  private final MessageDigest digest;

  private ExampleId() {
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** 64 hexadecimal digits. */
  static String of(TrainingExample example) {
    ExampleId id = new ExampleId();
    id.add(example.getAdapter());
    id.add(example.getKind().name());
    id.add(example.getMessages().size());
    example
        .getMessages()
        .forEach(
            message -> {
              id.add(message.getRole());
              id.add(message.getContent());
            });
    id.add(example.getPrompt());
    id.add(example.getCompletion());
    id.add(example.getRejected());
    id.add(String.valueOf(example.getDesirable()));
    id.add(example.getLabel());
    id.add(example.getSlice());
    id.add(example.getFactKey());
    id.add(example.getOrigin().getTopic());
    id.add(example.getOrigin().getRecordId());
    return HexFormat.of().formatHex(id.digest.digest());
  }

  private void add(String text) {
    if (text == null) {
      add(MISSING);
      return;
    }
    byte[] bytes = text.getBytes(UTF_8);
    add(bytes.length);
    digest.update(bytes);
  }

  private void add(int number) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(number).flip());
  }
}
