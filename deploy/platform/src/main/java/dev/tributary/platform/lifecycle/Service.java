package dev.tributary.platform.lifecycle;

import java.time.Duration;

/**
 * A running Tributary service. Whoever starts it closes it; a started service holds its port, its
 * threads and its state directory until then. Methods may be called from any thread.
 */
public interface Service extends AutoCloseable {

  /**
   * Name for logs and messages: {@code ingest}, {@code trainer}, {@code evaluator} or {@code
   * serve}.
   */
  String name();

  /** TCP port of its HTTP server: the configured one, or the one the system picked for port 0. */
  int port();

  /**
   * Blocks until every component of the service is ready to work.
   *
   * @throws dev.tributary.foundation.error.RetriableException when it is not within the limit; the
   *     message names the component and its reason
   */
  void awaitReady(Duration limit);

  /**
   * Stops accepting, finishes what is accepted and frees everything, within five seconds. Closing
   * twice does nothing.
   */
  @Override
  void close();
}
