package dev.tributary.foundation.error;

import java.nio.file.Path;

/**
 * A model, adapter or checkpoint file that is not what it says it is. The message names the file
 * and the tensor or field.
 */
public final class CorruptArtifactException extends TributaryException {

  private static final long serialVersionUID = 1L;

  public CorruptArtifactException(Path file, String detail) {
    this(file, detail, null);
  }

  public CorruptArtifactException(Path file, String detail, Throwable cause) {
    super(file + ": " + detail, cause);
  }
}
