package dev.tributary.app.runtime;

import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.lifecycle.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services that do not wait for each other when they stop: each may take five seconds, and so may
 * all. Safe for any thread.
 */
final class ClosedTogether implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ClosedTogether.class);

  /** What is left of the five seconds goes to the broker. */
  private static final long LIMIT_MILLIS = 4_000;

  private final List<Service> services = new ArrayList<>();
  private boolean closed;

  /**
   * @throws RetriableException if everything is being closed; then the service is too
   */
  Service add(Service service) {
    synchronized (this) {
      if (!closed) {
        services.add(service);
        return service;
      }
    }
    service.close();
    throw new RetriableException("stopped while starting");
  }

  @Override
  public void close() {
    List<Service> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(services);
      services.clear();
    }
    List<Thread> closing =
        all.stream()
            .map(
                service ->
                    Thread.ofPlatform()
                        .daemon()
                        .name("close-" + service.name())
                        .start(() -> close(service)))
            .toList();
    long end = System.nanoTime() + LIMIT_MILLIS * 1_000_000;
    for (Thread thread : closing) {
      join(thread, end);
    }
  }

  private static void close(Service service) {
    try {
      service.close();
    } catch (RuntimeException e) {
      LOG.warn("closing {} failed", service.name(), e);
    }
  }

  private static void join(Thread thread, long end) {
    try {
      long left = end - System.nanoTime();
      if (left <= 0 || !thread.join(Duration.ofNanos(left))) {
        LOG.warn("{} takes too long and is left behind", thread.getName());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
