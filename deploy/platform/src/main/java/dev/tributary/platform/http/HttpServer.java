package dev.tributary.platform.http;

import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/1.1 server on Jetty's core with strict framing and bounds on everything a client
 * controls; see {@link HttpConfig}. Each request is handled on a virtual thread of its own.
 */
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int HEADER_BYTES = 16 << 10;
  private static final int JETTY_THREADS = 16;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(3);

  private final Server server;
  private final ServerConnector connector;
  private final RequestGate gate;
  private final InFlight inFlight;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(
      Server server, ServerConnector connector, RequestGate gate, InFlight inFlight) {
    this.server = server;
    this.connector = connector;
    this.gate = gate;
    this.inFlight = inFlight;
  }

  public static Builder builder(HttpConfig config) {
    return new Builder(config);
  }

  /** The TCP port it listens on. */
  public int port() {
    return connector.getLocalPort();
  }

  /**
   * Answers every further request 503 with {@code Retry-After} and closes its connection; those
   * under way go on.
   */
  public void drain() {
    gate.drain();
  }

  /**
   * Drains, waits up to three seconds for the requests under way, and frees the port. Closing twice
   * does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    drain();
    if (!inFlight.awaitNone(STOP_LIMIT)) {
      LOG.warn(
          "requests were still under way after {} s; their connections are closed",
          STOP_LIMIT.toSeconds());
    }
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP server did not stop cleanly", e);
    }
  }

  /** Collects routes, then starts. */
  public static final class Builder {

    private final HttpConfig config;
    private final List<Route> routes = new ArrayList<>();

    private Builder(HttpConfig config) {
      this.config = config;
    }

    public Builder routes(Collection<Route> more) {
      routes.addAll(more);
      return this;
    }

    public Builder route(Route route) {
      routes.add(route);
      return this;
    }

    /**
     * Binds the port and starts answering.
     *
     * @throws ConfigException when the port is taken or may not be used
     */
    public HttpServer start() {
      QueuedThreadPool threads = new QueuedThreadPool(JETTY_THREADS);
      threads.setName("http");
      threads.setDaemon(true);
      threads.setVirtualThreadsExecutor(
          Executors.newThreadPerTaskExecutor(
              Thread.ofVirtual().name("http-request-", 0).factory()));
      Server server = new Server(threads);
      ServerConnector connector =
          new ServerConnector(server, 1, 1, new HttpConnectionFactory(protocol()));
      connector.setHost(config.host());
      connector.setPort(config.port() == null ? 0 : config.port());
      connector.setIdleTimeout(config.idleTimeout().toMillis());
      ConnectionDeadlines deadlines =
          new ConnectionDeadlines(
              connector.getScheduler(), config.headerTimeout(), config.idleTimeout());
      connector.addBean(deadlines);
      server.addConnector(connector);
      server.addBean(new NetworkConnectionLimit(config.maxConnections(), server));
      server.setErrorHandler(new ProtocolErrors());

      RequestGate gate = new RequestGate(config);
      BodyBudget budget = new BodyBudget(config.maxBufferedBytes());
      InFlight inFlight = new InFlight();
      server.setHandler(
          new Exchange(
              gate,
              new Router(routes),
              budget,
              new BodyReader(budget, config.minBodyRate()),
              deadlines,
              inFlight));
      bind(server, connector);
      return new HttpServer(server, connector, gate, inFlight);
    }

    private HttpConfiguration protocol() {
      HttpConfiguration protocol = new HttpConfiguration();
      protocol.setHttpCompliance(HttpCompliance.STRICT);
      protocol.setUriCompliance(UriCompliance.RFC3986);
      protocol.setRequestHeaderSize(HEADER_BYTES);
      protocol.setSendServerVersion(false);
      protocol.setNotifyRemoteAsyncErrors(true);
      return protocol;
    }

    private void bind(Server server, ServerConnector connector) {
      try {
        connector.open();
        server.start();
      } catch (IOException e) {
        stop(server);
        throw new ConfigException(
            "http.port: %s:%d cannot be listened on (%s); stop what uses it or choose another port"
                .formatted(config.host(), config.port(), rootMessage(e)),
            e);
      } catch (Exception e) {
        stop(server);
        throw new IllegalStateException("the HTTP server did not start", e);
      }
    }

    private static String rootMessage(Throwable error) {
      Throwable root = error;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      return root.getMessage();
    }
  }
}
