package dev.tributary.trainer;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.Route;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.Service;
import dev.tributary.platform.lifecycle.StateDirectory;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.loop.Trainer;
import dev.tributary.trainer.metrics.AdapterStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The training service: a {@link Trainer}, and an HTTP server with {@code /health/live}, {@code
 * /health/ready}, {@code /metrics} and {@code /v1/status}.
 */
public final class TrainerService implements Service {

  private final StateDirectory stateDirectory;
  private final Health health;
  private final ServiceMetrics metrics;
  private final Trainer trainer;
  private final HttpServer http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private TrainerService(
      StateDirectory stateDirectory,
      Health health,
      ServiceMetrics metrics,
      Trainer trainer,
      HttpServer http) {
    this.stateDirectory = stateDirectory;
    this.health = health;
    this.metrics = metrics;
    this.trainer = trainer;
    this.http = http;
  }

  /**
   * Starts a trainer.
   *
   * @param base must have been loaded from a directory, which also holds the tokenizer; shared, not
   *     closed here
   * @param clock used for labels, and to close the last batch of a quiet log
   * @throws dev.tributary.foundation.error.ConfigException if the state directory is in use, the
   *     port is taken, or the configuration does not fit model or topics
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer
   */
  public static TrainerService start(
      TrainerConfig config, KafkaSettings kafka, BaseModel base, Clock clock) {
    StateDirectory state = StateDirectory.lock(config.stateDir());
    ServiceMetrics metrics = new ServiceMetrics();
    metrics.kernels(base.kernels().name());
    Health health = new Health();
    Trainer trainer = null;
    try {
      trainer = Trainer.start(config, kafka, base, clock, health, metrics);
      HttpServer http =
          HttpServer.builder(config.trainer().http())
              .routes(health.routes())
              .route(metrics.route())
              .route(status(trainer))
              .start();
      return new TrainerService(state, health, metrics, trainer, http);
    } catch (RuntimeException e) {
      if (trainer != null) {
        trainer.close();
      }
      metrics.close();
      state.close();
      throw e;
    }
  }

  private static Route status(Trainer trainer) {
    return Route.get(
        "/v1/status", request -> Response.json(200, new StatusList("list", trainer.adapters())));
  }

  private record StatusList(String object, List<AdapterStatus> data) {}

  /** How far each adapter of this instance is. */
  public List<AdapterStatus> adapters() {
    return trainer.adapters();
  }

  @Override
  public String name() {
    return "trainer";
  }

  @Override
  public int port() {
    return http.port();
  }

  @Override
  public void awaitReady(Duration limit) {
    health.awaitReady(limit);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      http.drain();
      trainer.close();
      http.close();
      metrics.close();
      stateDirectory.close();
    }
  }
}
