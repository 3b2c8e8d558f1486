package dev.tributary.evaluator.serve;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.format.huggingface.GenerationDefaults;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.registry.ReleaseLog;
import dev.tributary.evaluator.serve.api.AnswerHeads;
import dev.tributary.evaluator.serve.api.AnswerLog;
import dev.tributary.evaluator.serve.api.OpenAiRoutes;
import dev.tributary.evaluator.serve.generate.Scheduler;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.evaluator.serve.model.ModelCatalogue;
import dev.tributary.evaluator.serve.model.PublishedVersionLoader;
import dev.tributary.evaluator.serve.model.ReleaseFollower;
import dev.tributary.evaluator.serve.model.VersionCache;
import dev.tributary.evaluator.serve.model.VersionLoader;
import dev.tributary.evaluator.serve.record.InteractionRecorder;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.platform.lifecycle.CompositeService;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.AdapterRelease;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.registry.SchemaRegistries;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The built-in server: answers OpenAI's chat and completion requests with the base model and every
 * released adapter, takes up new releases while it runs, and records what it answers to {@code
 * tributary.interactions}.
 */
public final class ServeService extends CompositeService {

  private static final Logger LOG = LoggerFactory.getLogger(ServeService.class);
  private static final Duration BROKER_PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOAD_RETRY = Duration.ofSeconds(5);

  private ServeService(int port, Health health, CloseStack parts) {
    super("serve", port, health, parts);
  }

  /**
   * Starts the server on the base model's own tokenizer and chat template.
   *
   * @param base loaded from a Hugging Face directory; may be shared with other services of the
   *     process
   * @throws dev.tributary.foundation.error.ConfigException if the port is taken, or the model
   *     directory or the topics cannot be used as they are
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer within
   *     a minute
   */
  public static ServeService start(
      ServeConfig config, KafkaSettings kafka, BaseModel base, Clock clock) {
    return CloseStack.start(parts -> start(config, kafka, base, clock, parts));
  }

  private static ServeService start(
      ServeConfig config, KafkaSettings kafka, BaseModel base, Clock clock, CloseStack parts) {
    Tokenizer tokenizer = Tokenizer.load(base.directory());
    ExampleEncoder encoder =
        new ExampleEncoder(
            tokenizer, ChatTemplate.load(base.directory()), base.config().contextLength());
    ensureTopics(config, kafka);
    SchemaRegistry schemas = SchemaRegistries.open(config.schemaRegistry());
    ServiceMetrics meters = parts.push(new ServiceMetrics());
    meters.kernels(base.kernels().name());
    ServeMetrics metrics = new ServeMetrics(meters.registry(), clock);
    Health health = new Health();

    InteractionRecorder recorder =
        parts.push(
            new InteractionRecorder(
                producer(kafka, schemas, meters),
                Topics.INTERACTIONS.name(),
                config.recordCapacity(),
                metrics));
    BlockingQueue<AdapterId> changed = new LinkedBlockingQueue<>();
    ReleaseLog log =
        parts.push(
            ReleaseLog.start(
                kafka.consumer(),
                Topics.RELEASES.name(),
                Contracts.deserializer(AdapterRelease.class, schemas),
                (registry, line) -> changed.add(line.adapter())));
    meters.bindConsumer(log.consumer());
    health.check("release_log", log::status);
    ModelCatalogue catalogue = models(config, base, clock, log, changed, metrics, health, parts);
    Scheduler scheduler =
        parts.push(
            Scheduler.over(
                base, tokenizer, config.workers(), config.batchSize(), config.queueCapacity()));
    metrics.load(scheduler::waiting, scheduler::inFlight);

    OpenAiRoutes routes =
        new OpenAiRoutes(
            catalogue,
            scheduler,
            new AnswerHeads(clock, new SecureRandom()),
            new AnswerLog(recorder, config.recordWhenFull(), metrics, clock),
            metrics,
            config.answerTimeout());
    HttpServer server =
        parts.push(
            HttpServer.builder(config.http())
                .routes(
                    routes.routes(tokenizer, encoder, GenerationDefaults.read(base.directory())))
                .routes(health.routes())
                .route(meters.route())
                .start());
    LOG.info("serving {} at http://{}:{}/v1", base.name(), config.http().host(), server.port());
    return new ServeService(server.port(), health, parts);
  }

  private static void ensureTopics(ServeConfig config, KafkaSettings kafka) {
    LOG.info("waiting for the broker at {}", kafka.bootstrapServers().orElse("no address"));
    try (Admin admin = Admin.create(kafka.admin())) {
      TopicAdmin.ensure(
          admin, List.of(Topics.INTERACTIONS, Topics.RELEASES), config.topics(), BROKER_PATIENCE);
    }
  }

  private static KafkaProducer<String, Interaction> producer(
      KafkaSettings kafka, SchemaRegistry schemas, ServiceMetrics meters) {
    Map<String, Object> settings = kafka.producer();
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    KafkaProducer<String, Interaction> producer =
        new KafkaProducer<>(
            settings, new StringSerializer(), Contracts.serializer(Interaction.class, schemas));
    meters.bindProducer(producer);
    return producer;
  }

  private static ModelCatalogue models(
      ServeConfig config,
      BaseModel base,
      Clock clock,
      ReleaseLog log,
      BlockingQueue<AdapterId> changed,
      ServeMetrics metrics,
      Health health,
      CloseStack parts) {
    VersionLoader loader =
        new PublishedVersionLoader(base, Optional.ofNullable(config.publishedDir()));
    ModelCatalogue catalogue =
        new ModelCatalogue(
            base.name(),
            clock.instant(),
            log.registry(),
            config.adapterIds(),
            new VersionCache(loader, config.cachedVersions()));
    ReleaseFollower follower =
        parts.push(new ReleaseFollower(log, changed, catalogue, loader, metrics, LOAD_RETRY));
    health.check("models", follower::status);
    return catalogue;
  }
}
