package dev.tributary.evaluator.score;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterRelease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Loads versions for scoring, never without verifying their bytes. */
public final class AdapterLoader {

  private final ArtifactStore store;
  private final BaseModel base;

  public AdapterLoader(ArtifactStore store, BaseModel base) {
    this.store = store;
    this.base = base;
  }

  /**
   * The verified directory of a version: from the artefact store, or where that no longer has it,
   * from where it was published.
   *
   * @throws CorruptArtifactException if neither has its bytes
   */
  public Path directory(AdapterRelease version) {
    try {
      return store.open(version.getContentHash());
    } catch (ConfigException e) {
      throw new CorruptArtifactException(store.directory(), e.getMessage(), e);
    } catch (CorruptArtifactException e) {
      if (version.getPath() != null) {
        Path published = Path.of(version.getPath());
        if (Files.isDirectory(published)
            && ArtifactStore.hashOf(published).equals(version.getContentHash())) {
          return published;
        }
      }
      throw e;
    }
  }

  /**
   * A version with its weights in memory.
   *
   * @throws CorruptArtifactException if its bytes are not there, or are not an adapter that fits
   *     the base model
   */
  public ScoredModel load(AdapterRelease version) {
    Path directory = directory(version);
    try {
      return new ScoredModel(
          version.getContentHash(), Optional.of(PeftDirectory.read(directory, base)));
    } catch (ConfigException e) {
      throw new CorruptArtifactException(directory, e.getMessage(), e);
    }
  }
}
