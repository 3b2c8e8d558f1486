package dev.tributary.app.runtime;

import dev.tributary.app.http.Endpoints;
import dev.tributary.engine.kernels.choice.KernelChoice;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.BrokerWait;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.lifecycle.Service;
import dev.tributary.platform.lifecycle.StateDirectory;
import dev.tributary.schemas.topics.TopicAdmin;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;

/**
 * All four services in this process, on one resident base model, with a broker in a child process
 * unless the configuration names another.
 */
public final class AllInOne {

  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(60);

  private final Map<Starter, Service> services;
  private final String bootstrapServers;
  private final CompletableFuture<?> brokerEnd;
  private final String kernels;

  private AllInOne(
      Map<Starter, Service> services,
      String bootstrapServers,
      CompletableFuture<?> brokerEnd,
      String kernels) {
    this.services = services;
    this.kernels = kernels;
    this.bootstrapServers = bootstrapServers;
    this.brokerEnd = brokerEnd;
  }

  /**
   * Starts everything; returns once all services take requests.
   *
   * @param shutdown closes what was started, also when starting fails half-way
   * @throws dev.tributary.foundation.error.ConfigException if a port is taken or the state
   *     directory is in use
   */
  public static AllInOne start(TributaryConfig config, Clock clock, Shutdown shutdown) {
    shutdown.closing(StateDirectory.lock(config.stateDir()));
    // Loading the model takes as long as starting the broker, and on another core.
    try (ExecutorService loading = Executors.newSingleThreadExecutor()) {
      Future<BaseModel> model =
          loading.submit(() -> BaseModel.load(config.baseModel(), KernelChoice.detect().kernels()));
      CompletableFuture<?> brokerEnd = new CompletableFuture<>();
      TributaryConfig connected = config;
      if (config.kafka().bootstrapServers().isEmpty()) {
        EmbeddedBroker broker = shutdown.closing(EmbeddedBroker.start(brokerOptions(config)));
        brokerEnd = broker.onExit();
        connected = config.withBootstrapServers(broker.bootstrapServers());
      }
      ensureTopics(connected);
      BaseModel base = result(model);
      Map<Starter, Service> services = startServices(connected, base, clock, shutdown);
      return new AllInOne(
          services,
          connected.kafka().bootstrapServers().orElseThrow(),
          brokerEnd,
          base.kernels().name());
    }
  }

  private static BrokerOptions brokerOptions(TributaryConfig config) {
    return BrokerOptions.in(config.stateDir().resolve("broker"))
        .withPort(config.broker().port())
        .withHeap(config.broker().heap())
        .withClassPath(BrokerClassPath.find());
  }

  /** Once, before the services: none of them then has to wait for another's topics. */
  private static void ensureTopics(TributaryConfig config) {
    BrokerWait.await(config.kafka(), BROKER_PATIENCE);
    try (Admin admin = Admin.create(config.kafka().admin())) {
      TopicAdmin.ensure(admin, config.topics(), BROKER_PATIENCE);
    }
  }

  /**
   * One after the other: started at once, they would initialise the same classes of the same
   * libraries from several threads, and where two classes need each other, that locks up.
   */
  private static Map<Starter, Service> startServices(
      TributaryConfig config, BaseModel base, Clock clock, Shutdown shutdown) {
    ClosedTogether running = shutdown.closing(new ClosedTogether());
    Map<Starter, Service> services = new EnumMap<>(Starter.class);
    for (Starter starter : Starter.values()) {
      services.put(starter, running.add(starter.start(config, base, clock)));
    }
    return services;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while starting", e);
    }
  }

  /** Blocks until every service is ready to work. */
  public void awaitReady(Duration limit) {
    services.values().forEach(service -> service.awaitReady(limit));
  }

  public Service service(Starter which) {
    return services.get(which);
  }

  /** Where they listen. */
  public Endpoints endpoints() {
    return Endpoints.onLoopback(
        service(Starter.INGEST).port(),
        service(Starter.TRAINER).port(),
        service(Starter.EVALUATOR).port(),
        service(Starter.SERVE).port());
  }

  /** The name of what computes the model. */
  public String kernels() {
    return kernels;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Completes if the broker this process started ends; never for a broker elsewhere. */
  public CompletableFuture<?> brokerEnd() {
    return brokerEnd;
  }
}
