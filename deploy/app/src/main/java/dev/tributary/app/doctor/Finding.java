package dev.tributary.app.doctor;

import java.util.Locale;

/**
 * One thing the doctor looked at.
 *
 * @param subject what, one or two words
 * @param status how it is
 * @param detail what was found and, where something is wrong, what to do
 */
public record Finding(String subject, Status status, String detail) {

  /** How a thing is. */
  public enum Status {
    OK,
    /** Nothing is broken, but it could be better, or it is worth knowing. */
    NOTE,
    /** Tributary cannot work like this. */
    BROKEN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String subject, String detail) {
    return new Finding(subject, Status.OK, detail);
  }

  static Finding note(String subject, String detail) {
    return new Finding(subject, Status.NOTE, detail);
  }

  static Finding broken(String subject, String detail) {
    return new Finding(subject, Status.BROKEN, detail);
  }

  public boolean isBroken() {
    return status == Status.BROKEN;
  }
}
