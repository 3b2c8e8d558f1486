package dev.tributary.app.runtime;

import dev.tributary.foundation.error.RetriableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what a command started, the last first: when the command ends, and when the process is
 * told to stop (Ctrl-C, SIGTERM), also in the middle of starting. Safe for any thread.
 */
public final class Shutdown implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final CompletableFuture<Void> signal = new CompletableFuture<>();
  private final Thread hook = new Thread(this::stop, "shutdown");
  private boolean stopping;

  private Shutdown() {}

  /**
   * Runs a command that may be told to stop at any moment. What then fails because it was stopped
   * half-way is nobody's mistake, and is not told.
   *
   * @return what the command made of it, or empty if it was stopped
   */
  public static <T> Optional<T> guard(Function<Shutdown, T> command) {
    Shutdown shutdown = onSignal();
    try (shutdown) {
      return Optional.of(command.apply(shutdown));
    } catch (RuntimeException e) {
      if (!shutdown.signal.isDone()) {
        throw e;
      }
      LOG.debug("stopped while at work", e);
      return Optional.empty();
    }
  }

  /** Watches for the process being told to stop, until it is closed. */
  static Shutdown onSignal() {
    Shutdown shutdown = new Shutdown();
    Runtime.getRuntime().addShutdownHook(shutdown.hook);
    return shutdown;
  }

  /**
   * Takes over the closing of something just started.
   *
   * @throws RetriableException if the process is stopping already; then it is closed at once
   */
  public <T extends AutoCloseable> T closing(T started) {
    synchronized (this) {
      if (!stopping) {
        open.push(started);
        return started;
      }
    }
    close(started);
    throw new RetriableException("stopped while starting");
  }

  /**
   * Blocks until the process is told to stop.
   *
   * @param failure what must not end before; when it does, this throws
   * @param what what that is, for the message
   * @throws RetriableException if it ended
   */
  public void awaitSignalOr(CompletableFuture<?> failure, String what) {
    try {
      CompletableFuture.anyOf(signal, failure).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new RetriableException(what + " failed", e.getCause());
    }
    if (failure.isDone() && !signal.isDone()) {
      throw new RetriableException(what + " ended by itself");
    }
  }

  private void stop() {
    signal.complete(null);
    closeAll();
  }

  /** Closes everything; a signal that arrives meanwhile waits for it. */
  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is stopping: the hook runs, finds nothing left to close, and ends.
    }
  }

  private synchronized void closeAll() {
    stopping = true;
    while (!open.isEmpty()) {
      close(open.pop());
    }
  }

  private static void close(AutoCloseable started) {
    try {
      started.close();
    } catch (Exception e) {
      LOG.warn("closing {} failed", started.getClass().getSimpleName(), e);
    }
  }
}
