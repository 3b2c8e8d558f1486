package dev.tributary.platform.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** An HTTP/1.1 server with strict framing and bounded everything; see {@link HttpConfig}. */
public final class HttpServer implements AutoCloseable {

  private HttpServer() {}

  public static Builder builder(HttpConfig config) {
    return new Builder(config);
  }

  /** The TCP port it listens on. */
  public int port() {
    throw new UnsupportedOperationException();
  }

  /** Answers 503 with {@code Retry-After} to every new request but health and metrics; those under way go on. */
  public void drain() {
    throw new UnsupportedOperationException();
  }

  /** Drains, waits up to three seconds for requests under way, and frees the port. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
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
     * @throws dev.tributary.foundation.error.ConfigException when the port is taken or may not be used
     */
    public HttpServer start() {
      throw new UnsupportedOperationException(config.toString());
    }
  }
}
