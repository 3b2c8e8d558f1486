package dev.tributary.trainer.loop;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.platform.store.FileTrees;
import dev.tributary.trainer.learn.AdapterLearner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Artefacts in the shared store. Used by the training thread only. */
final class StoredArtifacts implements Artifacts {

  private final Path workDirectory;
  private final ArtifactStore store;

  /**
   * @param workDirectory where exports are written before they are stored; emptied by this class
   */
  StoredArtifacts(Path workDirectory, ArtifactStore store) {
    this.workDirectory = workDirectory;
    this.store = store;
  }

  @Override
  public String put(byte[] checkpoint) {
    return store.put(checkpoint);
  }

  @Override
  public String export(AdapterLearner learner) {
    try {
      FileTrees.delete(workDirectory);
      Files.createDirectories(workDirectory);
      learner.export(workDirectory);
      String hash = store.put(workDirectory);
      FileTrees.delete(workDirectory);
      return hash;
    } catch (IOException e) {
      throw new RetriableException("the candidate cannot be exported to " + workDirectory, e);
    }
  }
}
