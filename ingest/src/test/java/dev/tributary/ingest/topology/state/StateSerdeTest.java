package dev.tributary.ingest.topology.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class StateSerdeTest {

  @Test
  void readsWhatAnEarlierReleaseKeptOfFeedback() throws IOException {
    // given
    Schema earlier;
    try (InputStream in = StateSerde.class.getResourceAsStream("FeedbackState-1.avsc")) {
      earlier = new Schema.Parser().parse(in);
    }
    GenericRecord state = new GenericData.Record(earlier);
    state.put("request_id", "r1");
    state.put(
        "status", new GenericData.EnumSymbol(earlier.getField("status").schema(), "UNMATCHED"));
    state.put("event_time", 1_000L);
    state.put("content_hash", "hash");
    state.put("updated_at", 2_000L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new BinaryMessageEncoder<GenericRecord>(new GenericData(), earlier).encode(state, bytes);

    // when
    FeedbackState read =
        StateSerde.feedbackStates().deserializer().deserialize("topic", bytes.toByteArray());

    // then
    assertEquals("r1", read.getRequestId());
    assertEquals(Status.UNMATCHED, read.getStatus());
    assertNull(read.getReceivedAt());
  }
}
