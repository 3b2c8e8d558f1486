package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.trainer.learn.AdapterLearner;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.lineage.TrainedBatch;
import dev.tributary.trainer.replay.Memory;
import java.util.OptionalLong;

/**
 * One adapter while this instance owns its partition: its learner, its memory and how far it is.
 *
 * <p>The training thread changes learner, memory and progress while a job of this adapter runs; the
 * loop's thread looks at them only when none does. If a job's commit fails, the session is thrown
 * away and read again from the newest committed checkpoint.
 */
final class AdapterSession {

  /** Whether its examples are trained. */
  enum State {
    ACTIVE,
    /** By an operator's command. */
    PAUSED,
    /** Its loss diverged or its checkpoint is damaged; the last good checkpoint is kept. */
    FAILED
  }

  private final AdapterId id;
  private final AdapterLearner learner;
  private final Memory memory;
  private Progress progress;
  private long nextOffset;
  private int versionFloor;
  private boolean checkpointed;
  private State state = State.ACTIVE;
  private String reason = "";
  private OptionalLong firstUntrained = OptionalLong.empty();

  /**
   * @param nextOffset every record of the adapter before this offset has been trained
   */
  AdapterSession(
      AdapterId id, AdapterLearner learner, Memory memory, Progress progress, long nextOffset) {
    this.id = id;
    this.learner = learner;
    this.memory = memory;
    this.progress = progress;
    this.nextOffset = nextOffset;
  }

  AdapterId id() {
    return id;
  }

  AdapterLearner learner() {
    return learner;
  }

  Memory memory() {
    return memory;
  }

  Progress progress() {
    return progress;
  }

  long nextOffset() {
    return nextOffset;
  }

  /** Whether a checkpoint of it has been committed, or is about to be. */
  boolean hasCheckpoint() {
    return checkpointed;
  }

  void checkpointed() {
    checkpointed = true;
  }

  State state() {
    return state;
  }

  /** Why it is not active; empty if it is. */
  String reason() {
    return reason;
  }

  /** The number the next candidate gets: one more than the newest ever committed. */
  int nextVersion() {
    return Math.max(progress.version(), versionFloor) + 1;
  }

  /** Keeps version numbers from being used twice after a fall back to an older checkpoint. */
  void raiseVersionFloor(int committedVersion) {
    versionFloor = Math.max(versionFloor, committedVersion);
  }

  void trained(TrainedBatch batch, long newNextOffset) {
    progress = progress.plus(batch);
    nextOffset = newNextOffset;
  }

  void emitted(int version) {
    progress = progress.emitted(version);
  }

  /**
   * Stops training it.
   *
   * @param pending its first example that is open now, if any; reading must be able to return there
   */
  void stop(State newState, String newReason, OptionalLong pending) {
    state = newState;
    reason = newReason;
    pending.ifPresent(this::holdAt);
  }

  /** Notes an example that was passed over while it is stopped; the first one counts. */
  void holdAt(long offset) {
    if (firstUntrained.isEmpty() || firstUntrained.getAsLong() > offset) {
      firstUntrained = OptionalLong.of(offset);
    }
  }

  /** Trains it again; the caller returns to {@link #firstUntrained} first. */
  void resume() {
    state = State.ACTIVE;
    reason = "";
    firstUntrained = OptionalLong.empty();
  }

  /** Offset of the first example passed over while stopped. */
  OptionalLong firstUntrained() {
    return firstUntrained;
  }

  boolean isActive() {
    return state == State.ACTIVE;
  }
}
