package dev.tributary.trainer.checkpoint;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.state.StateInput;
import dev.tributary.trainer.state.StateOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Everything that training one adapter goes on from: weights, optimiser, randomness, replay buffer,
 * input position and book-keeping, as one unit.
 *
 * <p>The file (integers big-endian, every text and section preceded by its length as an int):
 *
 * <pre>
 *   long      0x5452494243503032, "TRIBCP02"
 *   text      adapter, cluster id, topic, topic id
 *   int       partition
 *   long      next offset, resume offset
 *   text      base model fingerprint
 *   …         progress: see {@link Progress}
 *   section   memory: replay buffer, what the base knows that still holds, randomness
 *   section   learner: weights, optimiser moments, step, seed
 * </pre>
 *
 * It holds no time of day and nothing random that is not seeded, so equal histories give equal
 * bytes. Its integrity is the artefact store's business: it is named by its SHA-256.
 *
 * @param adapter whose it is
 * @param input the log its offsets belong to
 * @param partition partition of that log
 * @param nextOffset every record of the adapter before it has been trained
 * @param resumeOffset where the partition had to be read from at that time
 * @param baseModel fingerprint of the frozen weights
 * @param progress book-keeping
 * @param memory what is rehearsed, as it wrote itself
 * @param learner the learner, as it wrote itself
 */
public record Checkpoint(
    AdapterId adapter,
    InputIdentity input,
    int partition,
    long nextOffset,
    long resumeOffset,
    String baseModel,
    Progress progress,
    byte[] memory,
    byte[] learner) {

  private static final long MAGIC_1 = 0x5452494243503031L;
  private static final long MAGIC = 0x5452494243503032L;

  public byte[] toBytes() {
    StateOutput out = new StateOutput();
    out.writeLong(MAGIC);
    out.writeString(adapter.toString());
    out.writeString(input.clusterId());
    out.writeString(input.topic());
    out.writeString(input.topicId());
    out.writeInt(partition);
    out.writeLong(nextOffset);
    out.writeLong(resumeOffset);
    out.writeString(baseModel);
    progress.write(out);
    out.writeBytes(memory);
    out.writeBytes(learner);
    return out.toByteArray();
  }

  /**
   * @throws CorruptArtifactException if the file is no checkpoint, whatever its hash says
   */
  public static Checkpoint read(Path file) {
    try {
      return parse(new StateInput(Files.readAllBytes(file)));
    } catch (IOException | ConfigException e) {
      throw new CorruptArtifactException(file, "not a checkpoint: " + e.getMessage(), e);
    }
  }

  private static Checkpoint parse(StateInput in) throws IOException {
    long magic = in.readLong();
    if (magic == MAGIC_1) {
      throw new IOException(
          "it was written by a version that remembered no questions; train it anew under a new"
              + " consumer group");
    }
    if (magic != MAGIC) {
      throw new IOException("it starts with %016x instead of %016x".formatted(magic, MAGIC));
    }
    Checkpoint checkpoint =
        new Checkpoint(
            AdapterId.parse(in.readString()),
            new InputIdentity(in.readString(), in.readString(), in.readString()),
            in.readInt(),
            in.readLong(),
            in.readLong(),
            in.readString(),
            Progress.read(in),
            in.readBytes(),
            in.readBytes());
    in.requireEnd();
    return checkpoint;
  }
}
