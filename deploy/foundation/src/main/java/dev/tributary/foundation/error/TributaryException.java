package dev.tributary.foundation.error;

/**
 * Root of the errors Tributary raises on purpose. They are typed by what the reader should do, so
 * that a command line can turn them into exit codes and an HTTP route into a status without looking
 * at the message.
 */
public abstract sealed class TributaryException extends RuntimeException
    permits ConfigException, BadRecordException, RetriableException, CorruptArtifactException {

  private static final long serialVersionUID = 1L;

  TributaryException(String message, Throwable cause) {
    super(message, cause);
  }
}
