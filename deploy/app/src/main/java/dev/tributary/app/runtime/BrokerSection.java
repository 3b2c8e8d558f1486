package dev.tributary.app.runtime;

/**
 * The {@code broker:} map: the node {@code tributary up} starts where {@code
 * kafka.bootstrap.servers} names no other.
 *
 * @param port where clients connect on 127.0.0.1, 0 for any free one; default 9092
 * @param heap its heap, such as {@code 256m}; default that
 */
public record BrokerSection(Integer port, String heap) {

  /** What holds where the configuration says nothing. */
  public static final BrokerSection DEFAULT = new BrokerSection(null, null);

  public BrokerSection {
    port = port == null ? 9092 : port;
    heap = heap == null ? "256m" : heap;
  }
}
