package dev.tributary.app.cli.adapters;

/**
 * The gate's verdict stands against what was asked for, such as promoting a version that failed.
 * Exit code 3.
 */
public final class GateRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param message what was refused, and the gate's reasons
   */
  public GateRefusedException(String message) {
    super(message);
  }
}
