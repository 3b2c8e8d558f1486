package dev.tributary.foundation.error;

/**
 * Something outside is not there right now: a broker, a disk, a peer. Trying again later may
 * succeed.
 */
public final class RetriableException extends TributaryException {

  private static final long serialVersionUID = 1L;

  public RetriableException(String message, Throwable cause) {
    super(message, cause);
  }

  public RetriableException(String message) {
    super(message, null);
  }
}
