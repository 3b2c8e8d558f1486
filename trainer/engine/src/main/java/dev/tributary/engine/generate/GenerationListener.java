package dev.tributary.engine.generate;

/**
 * Hears of one text as it is made, on the generator's thread and between its steps: it must not
 * wait. One call of {@link #ended} or {@link #failed} comes last. An exception thrown here fails
 * this text, not the others of the batch.
 */
public interface GenerationListener {

  /**
   * @param token the next of the text, never the stop token
   * @return whether to go on
   */
  boolean accept(int token);

  void ended(Generation generation);

  /** The text cannot be completed. */
  void failed(RuntimeException cause);
}
