package dev.tributary.platform.http;

import dev.tributary.foundation.error.ConfigException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Where a service listens, and how much it takes from a client. Every component may be given as
 * null, which means its default.
 *
 * @param host loopback address to listen on; default {@code 127.0.0.1}. Others are refused: see
 *     {@link #HttpConfig}
 * @param port TCP port, 0 for any free one; null where none is named, for {@link #orPort} to fill
 * @param allowedHosts further names a {@code Host} header may carry besides the loopback ones; a
 *     foreign one is answered 421, so that a web page cannot reach the service under a name of its
 *     own (DNS rebinding)
 * @param maxConnections open connections; default 1,024, more wait in the system's queue
 * @param maxBufferedBytes request bodies held in memory by all connections together; default 128
 *     MiB, more are answered 503
 * @param headerTimeout from the first byte of a request to the end of its headers; default 10 s
 * @param idleTimeout without a byte in either direction before a connection is closed; default 30 s
 * @param minBodyRate bytes a second a request body must come in at, after a grace of 5 s; default
 *     1,024
 */
public record HttpConfig(
    String host,
    Integer port,
    List<String> allowedHosts,
    Integer maxConnections,
    Long maxBufferedBytes,
    Duration headerTimeout,
    Duration idleTimeout,
    Integer minBodyRate) {

  /**
   * @throws ConfigException for a value out of range, and for a host that is not loopback: with
   *     neither TLS nor keys of its own, the service would be open to the network. Put a proxy in
   *     front that has both
   */
  public HttpConfig {
    host = Objects.requireNonNullElse(host, "127.0.0.1");
    allowedHosts = List.copyOf(Objects.requireNonNullElse(allowedHosts, List.of()));
    maxConnections = Objects.requireNonNullElse(maxConnections, 1024);
    maxBufferedBytes = Objects.requireNonNullElse(maxBufferedBytes, 128L << 20);
    headerTimeout = Objects.requireNonNullElse(headerTimeout, Duration.ofSeconds(10));
    idleTimeout = Objects.requireNonNullElse(idleTimeout, Duration.ofSeconds(30));
    minBodyRate = Objects.requireNonNullElse(minBodyRate, 1024);
    if (!Loopback.isLoopback(host)) {
      throw ConfigException.of(
          "http.host",
          host,
          "without TLS and keys only a loopback address (127.0.0.1, ::1, localhost) may be listened"
              + " on; put a proxy with TLS and authentication in front");
    }
    check(
        "http.port",
        port,
        port == null || port >= 0 && port <= 65_535,
        "use 0 (any free port) to 65535");
    check("http.max_connections", maxConnections, maxConnections > 0, "use at least 1");
    check(
        "http.max_buffered_bytes",
        maxBufferedBytes,
        maxBufferedBytes >= 1 << 20,
        "use at least 1048576");
    check(
        "http.header_timeout",
        headerTimeout,
        headerTimeout.isPositive(),
        "use a duration such as 10s");
    check("http.idle_timeout", idleTimeout, idleTimeout.isPositive(), "use a duration such as 30s");
    check(
        "http.min_body_rate",
        minBodyRate,
        minBodyRate >= 0,
        "use bytes a second, 0 for no minimum");
  }

  /** Defaults on this loopback port; 0 for any free one. */
  public static HttpConfig onPort(int port) {
    return new HttpConfig(null, port, null, null, null, null, null, null);
  }

  /**
   * The same with a port, where it names none; null counts as a configuration that names nothing.
   */
  public static HttpConfig orPort(HttpConfig config, int defaultPort) {
    if (config == null) {
      return onPort(defaultPort);
    }
    return new HttpConfig(
        config.host,
        Objects.requireNonNullElse(config.port, defaultPort),
        config.allowedHosts,
        config.maxConnections,
        config.maxBufferedBytes,
        config.headerTimeout,
        config.idleTimeout,
        config.minBodyRate);
  }

  private static void check(String field, Object value, boolean holds, String fix) {
    if (!holds) {
      throw ConfigException.of(field, value, fix);
    }
  }
}
