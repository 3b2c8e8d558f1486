package dev.tributary.trainer.pack;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;

/**
 * One example, encoded and ready to be trained, with what is needed to find it again.
 *
 * @param exampleId id of the example
 * @param recordId id of the record it was made of
 * @param offset its offset in the examples partition of its adapter
 * @param timestamp its log-append time, in milliseconds since the epoch
 * @param slice the part of the domain it belongs to
 * @param claim what it says about which question
 * @param eventTime when it came about, in milliseconds since the epoch
 * @param ingestTime when it was accepted, in milliseconds since the epoch
 * @param weight factor on its loss, 0 or more
 * @param tokens what the model sees
 */
public record TrainingItem(
    String exampleId,
    String recordId,
    long offset,
    long timestamp,
    String slice,
    Claim claim,
    long eventTime,
    long ingestTime,
    double weight,
    TokenizedExample tokens) {

  public int tokenCount() {
    return tokens.length();
  }

  /** Whether both speak of the same fact and this one says something else, later, with trust. */
  public boolean supersedes(TrainingItem older) {
    return claim.trusted()
        && claim.isAbout(older.claim)
        && claim.answer() != older.claim.answer()
        && isNewerThan(older.eventTime, older.offset);
  }

  /**
   * This question with another one's answer: a wording of the fact which that one corrects. It is
   * as new as the correction.
   */
  public TrainingItem answeredAs(TrainingItem correction, int maxTokens) {
    return new TrainingItem(
        exampleId,
        recordId,
        correction.offset,
        timestamp,
        slice,
        new Claim(
            claim.factKey(),
            claim.question(),
            correction.claim.answer(),
            correction.claim.answerText(),
            0,
            true),
        correction.eventTime,
        correction.ingestTime,
        correction.weight,
        tokens.withTargetOf(correction.tokens, maxTokens));
  }

  /** The same, asked in other tokens. */
  public TrainingItem asking(TokenizedExample otherTokens) {
    return new TrainingItem(
        exampleId,
        recordId,
        offset,
        timestamp,
        slice,
        claim,
        eventTime,
        ingestTime,
        weight,
        otherTokens);
  }

  /** By event time; the order in the log decides between equal times. */
  public boolean isNewerThan(long otherEventTime, long otherOffset) {
    return eventTime != otherEventTime ? eventTime > otherEventTime : offset > otherOffset;
  }

  /** The memory it is accounted for, in bytes: what {@link #write} writes. */
  public long bytes() {
    StateOutput out = new StateOutput();
    write(out);
    return out.toByteArray().length;
  }

  public void write(StateOutput out) {
    out.writeString(exampleId);
    out.writeString(recordId);
    out.writeLong(offset);
    out.writeLong(timestamp);
    out.writeString(slice);
    claim.write(out);
    out.writeLong(eventTime);
    out.writeLong(ingestTime);
    out.writeDouble(weight);
    out.writeInts(tokens.inputIds());
    out.writeInts(tokens.labels());
  }

  public static TrainingItem read(StateInput in) throws IOException {
    return new TrainingItem(
        in.readString(),
        in.readString(),
        in.readLong(),
        in.readLong(),
        in.readString(),
        Claim.read(in),
        in.readLong(),
        in.readLong(),
        in.readDouble(),
        new TokenizedExample(in.readInts(), in.readInts()));
  }
}
