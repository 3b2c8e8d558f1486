package dev.tributary.schemas.serde;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.foundation.error.BadRecordException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AvroBoundsTest {

  private static final AvroLimits LIMITS = new AvroLimits(8, 5, 4);

  @FunctionalInterface
  private interface Body {
    void write(BinaryEncoder encoder) throws IOException;
  }

  @ParameterizedTest
  @ValueSource(longs = {9, 1L << 31, Long.MAX_VALUE})
  void aLengthOverTheLimitIsRefusedBeforeItIsBelieved(long length) throws IOException {
    assertReason("avro_limit", "'string'", bytes(e -> e.writeLong(length)));
    assertReason("avro_limit", "'bytes'", bytes(e -> e.writeLong(length)));
  }

  @Test
  void aNegativeLengthIsMalformed() throws IOException {
    assertReason("avro_malformed", "'string'", bytes(e -> e.writeLong(-1)));
  }

  @Test
  void aLengthBeyondTheEndIsMalformed() throws IOException {
    assertReason("avro_malformed", "'string'", bytes(e -> e.writeLong(8)));
  }

  @ParameterizedTest
  @ValueSource(longs = {6, 1L << 31, Long.MAX_VALUE, -(1L << 31)})
  void moreItemsThanTheLimitAreRefusedAlsoIfTheyTakeNoSpace(long count) throws IOException {
    byte[] claim =
        bytes(
            e -> {
              e.writeLong(count);
              e.writeLong(0);
            });
    assertReason("avro_limit", "{'type':'array','items':'null'}", claim);
    assertReason("avro_limit", "{'type':'map','values':'int'}", claim);
  }

  @Test
  void theSmallestCountOverflowsWhenNegated() throws IOException {
    byte[] claim =
        bytes(
            e -> {
              e.writeLong(Long.MIN_VALUE);
              e.writeLong(0);
            });
    assertReason("avro_limit", "{'type':'array','items':'null'}", claim);
  }

  @Test
  void itemsCountOverTheWholeRecord() throws IOException {
    // given two blocks of three, in the form with a byte size
    byte[] blocks =
        bytes(
            e -> {
              for (int block = 0; block < 2; block++) {
                e.writeLong(-3);
                e.writeLong(0);
              }
              e.writeLong(0);
            });

    // then
    assertReason("avro_limit", "{'type':'array','items':'null'}", blocks);
  }

  @Test
  void whatIsWithinTheLimitsPasses() throws IOException {
    byte[] blocks =
        bytes(
            e -> {
              e.writeLong(-3);
              e.writeLong(3);
              e.writeInt(1);
              e.writeInt(2);
              e.writeInt(3);
              e.writeLong(2);
              e.writeInt(4);
              e.writeInt(5);
              e.writeLong(0);
            });
    assertDoesNotThrow(() -> check("{'type':'array','items':'int'}", blocks));
    assertDoesNotThrow(() -> check("'string'", bytes(e -> e.writeString("12345678"))));
    assertDoesNotThrow(() -> check("'int'", bytes(e -> e.writeInt(Integer.MIN_VALUE))));
    assertDoesNotThrow(() -> check("'long'", bytes(e -> e.writeLong(Long.MIN_VALUE))));
  }

  @Test
  void nestingIsBounded() throws IOException {
    // given a list of five
    String list = "{'type':'record','name':'L','fields':[{'name':'next','type':['null','L']}]}";
    byte[] five =
        bytes(
            e -> {
              for (int i = 0; i < 5; i++) {
                e.writeInt(1);
              }
              e.writeInt(0);
            });

    // then
    assertReason("avro_limit", list, five);
  }

  @Test
  void brokenEncodingsAreMalformed() throws IOException {
    assertReason("avro_malformed", "'boolean'", new byte[] {2});
    assertReason("avro_malformed", "'double'", new byte[7]);
    assertReason("avro_malformed", "'int'", bytes(e -> e.writeLong(1L << 31)));
    assertReason(
        "avro_malformed", "'long'", new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1});
    assertReason("avro_malformed", "['null','int']", bytes(e -> e.writeInt(2)));
    assertReason(
        "avro_malformed", "{'type':'enum','name':'E','symbols':['A']}", bytes(e -> e.writeInt(1)));
    assertReason(
        "avro_malformed", "{'type':'enum','name':'E','symbols':['A']}", bytes(e -> e.writeInt(-1)));
    assertReason("avro_malformed", "'null'", new byte[1]);
  }

  private static byte[] bytes(Body body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    body.write(encoder);
    return out.toByteArray();
  }

  private static void check(String schema, byte[] data) {
    AvroBounds.check(new Schema.Parser().parse(schema.replace('\'', '"')), data, 0, LIMITS);
  }

  private static void assertReason(String reason, String schema, byte[] data) {
    BadRecordException refusal =
        assertThrows(BadRecordException.class, () -> check(schema, data), schema);
    assertEquals(reason, refusal.reason(), refusal.getMessage());
  }
}
