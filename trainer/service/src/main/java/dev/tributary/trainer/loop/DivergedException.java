package dev.tributary.trainer.loop;

/** The loss of an adapter is no longer a finite number. */
final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DivergedException(String message, Throwable cause) {
    super(message, cause);
  }
}
