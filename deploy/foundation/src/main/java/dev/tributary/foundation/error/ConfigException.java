package dev.tributary.foundation.error;

/**
 * A setting, flag or file the user can correct. The message names the field, its value and the fix.
 * Exit code 2.
 */
public final class ConfigException extends TributaryException {

  private static final long serialVersionUID = 1L;

  public ConfigException(String message) {
    super(message, null);
  }

  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * @param field the setting as the user wrote it, such as {@code trainer.replay.share}
   * @param value what was found there
   * @param fix what to write instead, as half a sentence: "use a number from 0 to 1"
   */
  public static ConfigException of(String field, Object value, String fix) {
    return new ConfigException("%s: '%s' cannot be used; %s".formatted(field, value, fix));
  }
}
