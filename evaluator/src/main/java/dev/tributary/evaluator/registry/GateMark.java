package dev.tributary.evaluator.registry;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the next gate must know of the gate that judged a version. Carried in a record header on
 * every line of the version, so that it outlives compaction and needs no clock.
 *
 * @param heldOutPartition partition of the held-out topic that holds the adapter's records; -1 when
 *     nothing was read yet
 * @param heldOutOffset records of that partition from this offset on arrived after the gate
 * @param anchorVersion best release up to that gate; 0 when there was none
 * @param toldOffset told records of the candidate's partition from this offset on arrived after the
 *     gate
 */
public record GateMark(
    int heldOutPartition, long heldOutOffset, int anchorVersion, long toldOffset) {

  /** A mark that knows of held-out records alone. */
  public GateMark(int heldOutPartition, long heldOutOffset, int anchorVersion) {
    this(heldOutPartition, heldOutOffset, anchorVersion, 0);
  }

  /** Before the first gate: every held-out record is new, and there is no best release. */
  public static final GateMark NONE = new GateMark(-1, 0, 0);

  private static final String HEADER = "tributary-gate-mark";

  /** Whether a held-out record was already there when the gate judged. */
  public boolean covers(int partition, long offset) {
    return partition == heldOutPartition && offset < heldOutOffset;
  }

  void writeTo(Headers headers) {
    String text = heldOutPartition + ":" + heldOutOffset + ":" + anchorVersion + ":" + toldOffset;
    headers.add(HEADER, text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Reads the mark of a line; a line without a readable one is taken as never gated, which asks
   * more of the next version.
   */
  static GateMark readFrom(Headers headers) {
    Header header = headers.lastHeader(HEADER);
    if (header == null || header.value() == null) {
      return NONE;
    }
    String[] parts = new String(header.value(), StandardCharsets.US_ASCII).split(":", -1);
    try {
      if (parts.length < 3 || parts.length > 4) {
        return NONE;
      }
      // Lines of earlier versions have three parts.
      return new GateMark(
          Integer.parseInt(parts[0]),
          Long.parseLong(parts[1]),
          Integer.parseInt(parts[2]),
          parts.length == 4 ? Long.parseLong(parts[3]) : 0);
    } catch (NumberFormatException e) {
      return NONE;
    }
  }
}
