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
import java.util.Optional;

/**
 * Reads a version from the directory it was published to, once its bytes are proven to be the ones
 * that were gated.
 */
public final class PublishedVersionLoader implements VersionLoader {

  private final BaseModel base;
  private final Optional<Path> mounted;

  /**
   * @param base what versions must have been trained on
   * @param mounted directory that holds the versions by name; empty to take each from where its
   *     release says it is
   */
  public PublishedVersionLoader(BaseModel base, Optional<Path> mounted) {
    this.base = base;
    this.mounted = mounted;
  }

  @Override
  public LoadedVersion load(ReleaseLine line) {
    AdapterRelease release = line.release();
    if (!release.getBaseModelHash().equals(base.fingerprint())) {
      throw new ConfigException(
          ("%s was trained on base model %s with fingerprint %s, this server runs %s with %s; "
                  + "start it with the other one")
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
          "its content has SHA-256 %s, the release says %s"
              .formatted(found, release.getContentHash()));
    }
    return new LoadedVersion(line, PeftDirectory.read(directory, base));
  }

  private Path directory(ReleaseLine line) {
    Path directory =
        mounted
            .map(root -> root.resolve(line.adapter().versionName(line.version())))
            .orElseGet(() -> released(line));
    if (!Files.isDirectory(directory)) {
      throw new CorruptArtifactException(directory, "missing; publish " + line.name() + " again");
    }
    return directory;
  }

  private static Path released(ReleaseLine line) {
    String path = line.release().getPath();
    if (path == null) {
      throw new ConfigException(
          line.name() + " was released without a directory; publish it again");
    }
    try {
      return Path.of(path);
    } catch (InvalidPathException e) {
      throw new ConfigException(line.name() + " names no usable directory: " + path, e);
    }
  }
}
