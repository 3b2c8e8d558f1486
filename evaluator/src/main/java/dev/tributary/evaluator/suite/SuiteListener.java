package dev.tributary.evaluator.suite;

/** Is told what became of each record read, for counting. Called on the reader's thread. */
@FunctionalInterface
public interface SuiteListener {

  /**
   * @param outcome {@link Arrival#code()}, or the reason why the record could not be used
   */
  void onArrival(String outcome);
}
