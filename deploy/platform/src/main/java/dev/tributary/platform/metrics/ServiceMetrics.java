package dev.tributary.platform.metrics;

import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One service's meters, scraped at {@code /metrics} in Prometheus' text format. Starts with the
 * JVM's, the process' and the processors'; Kafka clients join as they are made. Safe for any
 * thread.
 *
 * <p>Kafka clients make many of their metrics only when they meet a partition, so a bound client is
 * looked through for new ones every {@link #REFRESH_INTERVAL}.
 */
public final class ServiceMetrics implements AutoCloseable {

  /** How often Kafka clients and Streams are looked through for new metrics. */
  public static final Duration REFRESH_INTERVAL = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(ServiceMetrics.class);
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metrics").factory());
  private final Deque<AutoCloseable> binders = new ConcurrentLinkedDeque<>();

  /** Meters of this JVM and process; a service adds its own to {@link #registry}. */
  public ServiceMetrics() {
    List.of(
            new ClassLoaderMetrics(),
            new JvmMemoryMetrics(),
            new JvmGcMetrics(),
            new JvmThreadMetrics(),
            new ProcessorMetrics(),
            new FileDescriptorMetrics(),
            new UptimeMetrics())
        .forEach(this::bind);
  }

  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /**
   * {@code tributary_kernels_info}: always 1, its label says what computes the model.
   *
   * @param name of the kernels, such as {@code onednn-bf16}
   */
  public void kernels(String name) {
    Gauge.builder("tributary.kernels.info", () -> 1)
        .description("What computes the model")
        .tag("kernels", name)
        .register(registry);
  }

  /**
   * Thread on which binders look for new metrics; for binders this module does not know, such as
   * Kafka Streams'.
   */
  public ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** Adds a binder's meters; one that holds resources is closed with this object. */
  public void bind(MeterBinder binder) {
    binder.bindTo(registry);
    if (binder instanceof AutoCloseable closeable) {
      binders.push(closeable);
    }
  }

  /**
   * Adds a producer's meters.
   *
   * @return closed before the producer when it ends earlier than this object; may be left alone
   *     otherwise
   */
  public AutoCloseable bindProducer(Producer<?, ?> producer) {
    return bind(ClientMeters.of(producer, REFRESH_INTERVAL));
  }

  /** As {@link #bindProducer}. */
  public AutoCloseable bindConsumer(Consumer<?, ?> consumer) {
    return bind(ClientMeters.of(consumer, REFRESH_INTERVAL));
  }

  private AutoCloseable bind(ClientMeters client) {
    client.bindTo(registry);
    binders.push(client);
    return () -> {
      binders.remove(client);
      client.close();
    };
  }

  /** {@code GET /metrics}. */
  public Route route() {
    return Route.get("/metrics", this::scrape);
  }

  private Response scrape(Request request) {
    return Response.bytes(200, PROMETHEUS_TEXT, registry.scrape().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    binders.forEach(ServiceMetrics::closeQuietly);
    scheduler.shutdownNow();
    registry.close();
  }

  private static void closeQuietly(AutoCloseable binder) {
    try {
      binder.close();
    } catch (Exception e) {
      LOG.warn("closing {} failed; its meters end with the process", binder, e);
    }
  }
}
