package dev.tributary.ingest.topology;

import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what a failure that ended a stream thread means. Something outside that is not there now:
 * a new thread goes on from the last commit, as often as it takes. Anything else, such as a dead
 * letter that is too large to be written: stop, for going on would mean to skip a record.
 */
final class FailurePolicy implements StreamsUncaughtExceptionHandler {

  private static final Logger LOG = LoggerFactory.getLogger(FailurePolicy.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Consumer<String> onFatal;

  /**
   * @param onFatal learns why the stream stopped
   */
  FailurePolicy(Consumer<String> onFatal) {
    this.onFatal = onFatal;
  }

  @Override
  public StreamThreadExceptionResponse handle(Throwable failure) {
    if (isRetriable(failure)) {
      LOG.warn("stream thread failed and is replaced", failure);
      LockSupport.parkNanos(PAUSE_NANOS);
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    LOG.error("stream stops: going on would skip a record", failure);
    onFatal.accept(describe(failure));
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private static boolean isRetriable(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RetriableException
          || cause instanceof org.apache.kafka.common.errors.RetriableException) {
        return true;
      }
    }
    return false;
  }

  private static String describe(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName() + ": " + root.getMessage();
  }
}
