package dev.tributary.evaluator.serve.model;

import dev.tributary.engine.format.peft.PeftDirectory;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.evaluator.registry.ReleaseLine;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterRelease;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Reads a version from the directory it was published to, once its bytes are proven to be the ones that were gated. */
public final class PublishedVersionLoader implements VersionLoader {

  private final BaseModel base;

  public PublishedVersionLoader(BaseModel base) {
    this.base = base;
  }

  @Override
  public LoadedVersion load(ReleaseLine line) {
    AdapterRelease release = line.release();
    if (!release.getBaseModelHash().equals(base.fingerprint())) {
      throw new ConfigException(
          "%s was trained on base model %s with fingerprint %s, this server runs %s with %s; start it with the other one"
              .formatted(
                  line.name(),
                  release.getBaseModel(),
                  release.getBaseModelHash(),
                  base.name(),
                  base.fingerprint()));
    }
    Path directory = directory(line);
    String found = ArtifactStore.hashOf(directory);
    if (!found.equals(release.getContentHash())) {
      throw new CorruptArtifactException(
          directory,
          "its content has SHA-256 %s, the release says %s".formatted(found, release.getContentHash()));
    }
    return new LoadedVersion(line, PeftDirectory.read(directory, base));
  }

  private static Path directory(ReleaseLine line) {
    String path = line.release().getPath();
    if (path == null) {
      throw new ConfigException(line.name() + " was released without a directory; publish it again");
    }
    try {
      Path directory = Path.of(path);
      if (!Files.isDirectory(directory)) {
        throw new CorruptArtifactException(directory, "missing; publish " + line.name() + " again");
      }
      return directory;
    } catch (InvalidPathException e) {
      throw new ConfigException(line.name() + " names no usable directory: " + path, e);
    }
  }
}
