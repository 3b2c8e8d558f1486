package dev.tributary.ingest.topology.state;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/** Makes {@link SourceRecord}s. */
public final class Sources {

  private Sources() {}

  /** Keeps a record as it was read. */
  public static SourceRecord of(Role role, RecordMetadata position, Record<byte[], byte[]> record) {
    List<SourceHeader> headers = new ArrayList<>();
    for (Header header : record.headers()) {
      headers.add(new SourceHeader(header.key(), Bytes.wrap(header.value())));
    }
    return new SourceRecord(
        role,
        position.topic(),
        position.partition(),
        position.offset(),
        Bytes.wrap(record.key()),
        Bytes.wrap(record.value()),
        headers);
  }

  /** The same record under another role. */
  public static SourceRecord as(Role role, SourceRecord source) {
    return new SourceRecord(
        role,
        source.getTopic(),
        source.getPartition(),
        source.getOffset(),
        source.getKey(),
        source.getValue(),
        source.getHeaders());
  }

  /** The original headers. */
  public static Headers headers(SourceRecord source) {
    Headers headers = new RecordHeaders();
    source
        .getHeaders()
        .forEach(header -> headers.add(header.getKey(), Bytes.copyOf(header.getValue())));
    return headers;
  }
}
