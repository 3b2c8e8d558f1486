package dev.tributary.evaluator;

import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.KeptAnswers;
import dev.tributary.evaluator.api.AdapterRoutes;
import dev.tributary.evaluator.loop.CommandDesk;
import dev.tributary.evaluator.loop.EvaluationLoop;
import dev.tributary.evaluator.loop.LoopParts;
import dev.tributary.evaluator.publish.DirectoryPublisher;
import dev.tributary.evaluator.publish.Publisher;
import dev.tributary.evaluator.registry.Registry;
import dev.tributary.evaluator.registry.ReleaseLog;
import dev.tributary.evaluator.score.AdapterLoader;
import dev.tributary.evaluator.score.SuiteScorer;
import dev.tributary.evaluator.suite.AskedBase;
import dev.tributary.evaluator.suite.SuiteReader;
import dev.tributary.evaluator.suite.SuiteStore;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.http.Route;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.platform.lifecycle.CompositeService;
import dev.tributary.platform.lifecycle.StateDirectory;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.SchemaRegistries;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The evaluator: judges every candidate on held-out records, publishes those that pass, and keeps
 * the registry of all versions.
 */
public final class EvaluatorService extends CompositeService {

  private static final Logger LOG = LoggerFactory.getLogger(EvaluatorService.class);
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(60);
  private static final Duration COMMAND_PATIENCE = Duration.ofSeconds(10);
  private static final String GROUP = "tributary-evaluator";

  private EvaluatorService(int port, Health health, CloseStack parts) {
    super("evaluator", port, health, parts);
  }

  /**
   * Starts the evaluator, publishing into the configured directory.
   *
   * @param base loaded from a Hugging Face directory; may be shared with other services of the
   *     process
   * @throws dev.tributary.foundation.error.ConfigException if the port is taken, the state
   *     directory is in use, or the model directory or the topics cannot be used as they are
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer within
   *     a minute
   */
  public static EvaluatorService start(
      EvaluatorConfig config, KafkaSettings kafka, BaseModel base, Clock clock) {
    config.requireComplete();
    return start(config, kafka, base, clock, new DirectoryPublisher(config.publishedDir()));
  }

  /**
   * Starts the evaluator with another publisher, which it closes.
   *
   * @throws dev.tributary.foundation.error.TributaryException as the other method
   */
  public static EvaluatorService start(
      EvaluatorConfig config,
      KafkaSettings kafka,
      BaseModel base,
      Clock clock,
      Publisher publisher) {
    config.requireComplete();
    return CloseStack.start(
        parts -> start(config, kafka, base, clock, parts.push(publisher), parts));
  }

  private static EvaluatorService start(
      EvaluatorConfig config,
      KafkaSettings kafka,
      BaseModel base,
      Clock clock,
      Publisher publisher,
      CloseStack parts) {
    parts.push(StateDirectory.lock(config.stateDir()));
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicAdmin.ensure(admin, config.topics(), BROKER_PATIENCE);
    }
    SchemaRegistry schemas = SchemaRegistries.open(config.schemaRegistry());
    ServiceMetrics meters = parts.push(new ServiceMetrics());
    meters.kernels(base.kernels().name());
    EvaluatorMetrics metrics = new EvaluatorMetrics(meters.registry());
    Health health = new Health();

    ReleaseLog log =
        parts.push(
            ReleaseLog.start(
                kafka.consumer(),
                Topics.RELEASES.name(),
                Contracts.deserializer(AdapterRelease.class, schemas),
                (registry, line) -> {}));
    meters.bindConsumer(log.consumer());
    health.check("release_log", log::status);
    SuiteReader suites =
        parts.push(
            SuiteReader.open(
                kafka.consumer(),
                Contracts.decoder(TrainingExample.class, schemas),
                new SuiteStore(config.suite()),
                metrics::heldOut));
    meters.bindConsumer(suites.consumer());
    SuiteScorer scorer =
        parts.push(SuiteScorer.create(base, config.scoring(), config.gate().seed()));
    CommandDesk desk =
        new CommandDesk(
            controlProducer(kafka, meters, parts),
            Contracts.serializer(ControlCommand.class, schemas));
    parts.push(
        EvaluationLoop.start(
            new LoopParts(
                kafka,
                config.topics().partitions(),
                GROUP,
                schemas,
                base,
                new AdapterLoader(new ArtifactStore(config.artifactsDir()), base),
                publisher,
                log,
                suites,
                scorer,
                new AskedBase(
                    base,
                    config.scoring().generatedRecallRecords(),
                    new KeptAnswers(config.stateDir()),
                    config.gate().seed() + 1),
                config.gate(),
                desk,
                metrics,
                meters,
                clock),
            health));
    HttpServer server =
        parts.push(
            HttpServer.builder(config.http())
                .routes(new AdapterRoutes(log.registry(), desk, COMMAND_PATIENCE, clock).routes())
                .routes(health.routes())
                .route(metricsRoute(meters, metrics, log.registry()))
                .start());
    LOG.info("evaluating at http://{}:{}/v1/adapters", config.http().host(), server.port());
    return new EvaluatorService(server.port(), health, parts);
  }

  /** What versions there are is looked up when somebody asks, not at every line of the log. */
  private static Route metricsRoute(
      ServiceMetrics meters, EvaluatorMetrics metrics, Registry registry) {
    Route route = meters.route();
    return Route.get(
        route.pattern(),
        request -> {
          metrics.show(registry);
          return route.handler().handle(request);
        });
  }

  private static KafkaProducer<byte[], byte[]> controlProducer(
      KafkaSettings kafka, ServiceMetrics meters, CloseStack parts) {
    Map<String, Object> settings = kafka.producer();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    parts.push(() -> producer.close(Duration.ofSeconds(1)));
    meters.bindProducer(producer);
    return producer;
  }
}
