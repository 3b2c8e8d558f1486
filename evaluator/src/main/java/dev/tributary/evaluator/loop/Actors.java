package dev.tributary.evaluator.loop;

/** Who writes lines of the log when it is not a person. */
final class Actors {

  static final String GATE = "gate";

  private Actors() {}
}
