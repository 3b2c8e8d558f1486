package dev.tributary.evaluator.serve.model;

import dev.tributary.evaluator.registry.ReleaseLine;

/** Brings a released version into memory. Safe for any number of threads. */
public interface VersionLoader {

  /**
   * @throws dev.tributary.foundation.error.CorruptArtifactException if the directory is missing, is
   *     not what the release says, or cannot be read as an adapter of the base model
   * @throws dev.tributary.foundation.error.ConfigException if the version belongs to another base
   *     model
   */
  LoadedVersion load(ReleaseLine line);
}
