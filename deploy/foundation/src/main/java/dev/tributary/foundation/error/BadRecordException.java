package dev.tributary.foundation.error;

/**
 * A record that can never be processed. It goes to the dead-letter topic under its reason; the
 * stream goes on.
 */
public final class BadRecordException extends TributaryException {

  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * @param reason a stable code in snake case, such as {@code empty_completion}; it becomes a
   *     metric label
   * @param message what was found and what was expected
   */
  public BadRecordException(String reason, String message) {
    this(reason, message, null);
  }

  public BadRecordException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
