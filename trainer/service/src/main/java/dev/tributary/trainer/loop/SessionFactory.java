package dev.tributary.trainer.loop;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.trainer.checkpoint.Checkpoint;
import dev.tributary.trainer.learn.Learners;
import dev.tributary.trainer.lineage.Progress;
import dev.tributary.trainer.replay.Memory;
import dev.tributary.trainer.replay.ReplayLimits;
import dev.tributary.trainer.state.SavedRandom;
import dev.tributary.trainer.state.StateInput;
import java.io.IOException;
import java.nio.file.Path;

/** Makes sessions: fresh ones, and such that go on from a checkpoint. */
final class SessionFactory {

  private final Learners learners;
  private final ReplayLimits replayLimits;
  private final int maxTokens;
  private final long seed;

  /**
   * @param maxTokens of an example
   * @param seed of the run; each adapter derives its own from it
   */
  SessionFactory(Learners learners, ReplayLimits replayLimits, int maxTokens, long seed) {
    this.learners = learners;
    this.replayLimits = replayLimits;
    this.maxTokens = maxTokens;
    this.seed = seed;
  }

  AdapterSession fresh(AdapterId adapter, long firstOffset) {
    return new AdapterSession(
        adapter,
        learners.fresh(SavedRandom.derive(seed, "learner " + adapter)),
        Memory.fresh(
            replayLimits,
            learners::ownAnswers,
            maxTokens,
            SavedRandom.derive(seed, "memory " + adapter)),
        Progress.NONE,
        firstOffset);
  }

  /**
   * @param file where the checkpoint was read from, for messages
   * @throws CorruptArtifactException if a section is not what it says it is
   */
  AdapterSession restore(Checkpoint checkpoint, Path file) {
    try {
      return new AdapterSession(
          checkpoint.adapter(),
          learners.restore(checkpoint.learner()),
          Memory.read(
              new StateInput(checkpoint.memory()), replayLimits, learners::ownAnswers, maxTokens),
          checkpoint.progress(),
          checkpoint.nextOffset());
    } catch (IOException e) {
      throw new CorruptArtifactException(file, "checkpoint section: " + e.getMessage(), e);
    }
  }

  String baseModelHash() {
    return learners.baseModelHash();
  }
}
