package dev.tributary.ingest;

/**
 * Closes a part that takes its time on a thread of its own, while others close. Closing waits for
 * the end of it.
 */
final class ParallelClose implements AutoCloseable {

  private final Thread closing;

  /**
   * @param close what to run, once
   */
  ParallelClose(Runnable close) {
    this.closing = Thread.ofPlatform().name("ingest-closing").unstarted(close);
  }

  /** Starts and returns at once; later calls do nothing. */
  synchronized void begin() {
    if (closing.getState() == Thread.State.NEW) {
      closing.start();
    }
  }

  @Override
  public void close() {
    begin();
    try {
      closing.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
