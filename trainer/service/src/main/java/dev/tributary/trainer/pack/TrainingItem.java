package dev.tributary.trainer.pack;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One example, encoded and ready to be trained, with what is needed to find it again.
 *
 * @param exampleId id of the example
 * @param offset its offset in the examples partition of its adapter
 * @param timestamp its log-append time, in milliseconds since the epoch
 * @param slice the part of the domain it belongs to
 * @param factKey names the fact it states, or null: a newer, different answer supersedes it
 * @param answer digest of the wanted answer, to tell different answers to one fact apart
 * @param eventTime when it came about, in milliseconds since the epoch
 * @param ingestTime when it was accepted, in milliseconds since the epoch
 * @param weight factor on its loss, 0 or more
 * @param tokens what the model sees
 */
public record TrainingItem(
    String exampleId,
    long offset,
    long timestamp,
    String slice,
    String factKey,
    long answer,
    long eventTime,
    long ingestTime,
    double weight,
    TokenizedExample tokens) {

  private static final int FIXED_BYTES = 5 * Long.BYTES + Double.BYTES + 3 * Integer.BYTES;

  public int tokenCount() {
    return tokens.length();
  }

  /** Whether both state the same fact and this one says something else, later. */
  public boolean supersedes(TrainingItem older) {
    return factKey != null
        && factKey.equals(older.factKey)
        && answer != older.answer
        && isNewerThan(older.eventTime, older.offset);
  }

  /** By event time; the order in the log decides between equal times. */
  public boolean isNewerThan(long otherEventTime, long otherOffset) {
    return eventTime != otherEventTime ? eventTime > otherEventTime : offset > otherOffset;
  }

  /** The memory it is accounted for, in bytes: what {@link #write} writes. */
  public long bytes() {
    return FIXED_BYTES
        + (2L * Integer.BYTES) * (1 + tokenCount())
        + utf8Length(exampleId)
        + utf8Length(slice)
        + (factKey == null ? 0 : Integer.BYTES + utf8Length(factKey));
  }

  public void write(StateOutput out) {
    out.writeString(exampleId);
    out.writeLong(offset);
    out.writeLong(timestamp);
    out.writeString(slice);
    out.writeNullableString(factKey);
    out.writeLong(answer);
    out.writeLong(eventTime);
    out.writeLong(ingestTime);
    out.writeDouble(weight);
    out.writeInts(tokens.inputIds());
    out.writeInts(tokens.labels());
  }

  public static TrainingItem read(StateInput in) throws IOException {
    return new TrainingItem(
        in.readString(),
        in.readLong(),
        in.readLong(),
        in.readString(),
        in.readNullableString(),
        in.readLong(),
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        new TokenizedExample(in.readInts(), in.readInts()));
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
