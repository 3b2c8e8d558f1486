package dev.tributary.engine.train;

/**
 * Is told as each phase of an optimiser step ends, on the thread that trains, so that a step's time
 * can be told apart. Must not throw.
 */
@FunctionalInterface
public interface StepListener {

  /** Listens to nothing. */
  StepListener NONE = phase -> {};

  /** The phases of a step, in order. */
  enum Phase {
    /** Embedding and blocks. */
    FORWARD,
    /** Final normalisation, head and loss, with their gradients. */
    LOSS,
    /** The blocks' gradients. */
    BACKWARD,
    /** Gradient norm, clipping and the optimiser. */
    UPDATE
  }

  void ended(Phase phase);
}
