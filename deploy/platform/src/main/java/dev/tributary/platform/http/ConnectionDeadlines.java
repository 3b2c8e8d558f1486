package dev.tributary.platform.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which the headers of a request are not complete in time, however steadily
 * they trickle in: Jetty's own idle timeout starts again with each byte. The time runs from the
 * opening of the connection to its first request, and from the end of a response to the next
 * request.
 */
final class ConnectionDeadlines implements Connection.Listener {

  private final Scheduler scheduler;
  private final Duration firstRequest;
  private final Duration nextRequest;
  private final Map<Connection, Scheduler.Task> waiting = new ConcurrentHashMap<>();

  ConnectionDeadlines(Scheduler scheduler, Duration firstRequest, Duration nextRequest) {
    this.scheduler = scheduler;
    this.firstRequest = firstRequest;
    this.nextRequest = nextRequest;
  }

  @Override
  public void onOpened(Connection connection) {
    start(connection, firstRequest);
  }

  /** The headers of a request are there. */
  void requestArrived(Connection connection) {
    stop(connection);
  }

  /** Its response is complete. */
  void responseSent(Connection connection) {
    if (connection.getEndPoint().isOpen()) {
      start(connection, nextRequest);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    stop(connection);
  }

  private void start(Connection connection, Duration limit) {
    Scheduler.Task close =
        scheduler.schedule(
            () -> connection.getEndPoint().close(), limit.toMillis(), TimeUnit.MILLISECONDS);
    cancel(waiting.put(connection, close));
    if (!connection.getEndPoint().isOpen()) {
      stop(connection);
    }
  }

  private void stop(Connection connection) {
    cancel(waiting.remove(connection));
  }

  private static void cancel(Scheduler.Task task) {
    if (task != null) {
      task.cancel();
    }
  }
}
