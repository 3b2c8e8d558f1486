package dev.tributary.trainer.lineage;

import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;

/**
 * What an adapter has been through: part of its checkpoint. Immutable.
 *
 * @param version newest candidate version emitted; 0 before the first
 * @param examplesTrained new examples since the beginning, each counted once
 * @param tokensTrained tokens stepped since the beginning, rehearsal and repeated steps included
 * @param sinceCandidate what was trained since the newest candidate
 */
public record Progress(
    int version, long examplesTrained, long tokensTrained, CandidateLineage sinceCandidate) {

  public static final Progress NONE = new Progress(0, 0, 0, CandidateLineage.EMPTY);

  public static Progress read(StateInput in) throws IOException {
    return new Progress(in.readInt(), in.readLong(), in.readLong(), CandidateLineage.read(in));
  }

  /** After a micro-batch. */
  public Progress plus(TrainedBatch batch) {
    return new Progress(
        version,
        examplesTrained + batch.trained().size(),
        tokensTrained + batch.tokens(),
        sinceCandidate.plus(batch));
  }

  /** After a candidate was made of everything so far. */
  public Progress emitted(int newVersion) {
    return new Progress(newVersion, examplesTrained, tokensTrained, CandidateLineage.EMPTY);
  }

  public void write(StateOutput out) {
    out.writeInt(version);
    out.writeLong(examplesTrained);
    out.writeLong(tokensTrained);
    sinceCandidate.write(out);
  }
}
