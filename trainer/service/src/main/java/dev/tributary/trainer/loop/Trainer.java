package dev.tributary.trainer.loop;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.KeptAnswers;
import dev.tributary.engine.recall.OwnAnswer;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.platform.store.ArtifactStore;
import dev.tributary.schemas.AdapterCandidate;
import dev.tributary.schemas.CheckpointPointer;
import dev.tributary.schemas.ControlCommand;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.registry.SchemaRegistries;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.TopicAdmin;
import dev.tributary.schemas.topics.Topics;
import dev.tributary.trainer.checkpoint.ArtifactCollector;
import dev.tributary.trainer.checkpoint.InputIdentity;
import dev.tributary.trainer.checkpoint.LogReader;
import dev.tributary.trainer.checkpoint.TopicTail;
import dev.tributary.trainer.checkpoint.TransactionalCommit;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.config.TrainingConfig;
import dev.tributary.trainer.learn.BatchTrainer;
import dev.tributary.trainer.learn.EngineLearners;
import dev.tributary.trainer.learn.Learners;
import dev.tributary.trainer.lineage.CandidatePolicy;
import dev.tributary.trainer.metrics.AdapterStatus;
import dev.tributary.trainer.metrics.TrainerMetrics;
import dev.tributary.trainer.pack.BatchLimits;
import dev.tributary.trainer.state.SavedRandom;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A training loop with everything it stands on, wired and running. */
public final class Trainer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  /** Half is unsure, and of the rest a third says too often what is said already. */
  private static final int DRAWN_PER_KEPT = 3;

  private static final Duration TOPICS_LIMIT = Duration.ofSeconds(60);
  private static final Duration LOG_LIMIT = Duration.ofSeconds(30);

  private final LoopThread thread;
  private final Collecting collecting;
  private final Admin admin;
  private final TrainerReporter reporter;

  private Trainer(LoopThread thread, Collecting collecting, Admin admin, TrainerReporter reporter) {
    this.thread = thread;
    this.collecting = collecting;
    this.admin = admin;
    this.reporter = reporter;
  }

  /**
   * Starts training on Tributary's engine.
   *
   * @param config its state directory must be locked by the caller
   * @param base must have been loaded from a directory, which also holds the tokenizer
   * @throws dev.tributary.foundation.error.ConfigException if the configuration does not go with
   *     the base model or the topics there are
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer
   */
  public static Trainer start(
      TrainerConfig config,
      KafkaSettings kafka,
      BaseModel base,
      Clock clock,
      Health health,
      ServiceMetrics metrics) {
    TrainingConfig training = config.trainer();
    Path directory = base.directory();
    requireLanguageModel(base);
    ExampleEncoder encoder =
        new ExampleEncoder(
            Tokenizer.load(directory),
            ChatTemplate.load(directory),
            training.maxLength(base.config().contextLength()));
    Learners learners =
        new EngineLearners(
            base,
            training.lora(base.config()),
            training.optimizer(base.config()),
            training.maxTokensPerBatch(),
            () -> ownAnswers(config, base));
    LOG.info(
        "LoRA of rank {} at rate {}, micro-batches of up to {} tokens: {}",
        training.lora(base.config()).r(),
        training.optimizer(base.config()).learningRate(),
        training.batchLimits(base.config()).maxTokens(),
        "as configured, or by the base model's width and size");
    return start(
        config,
        kafka,
        learners,
        new EngineEncoding(encoder),
        training.batchLimits(base.config()),
        training.maxLength(base.config().contextLength()),
        clock,
        health,
        metrics);
  }

  private static List<OwnAnswer> ownAnswers(TrainerConfig config, BaseModel base) {
    int count = config.trainer().ownAnswers(base.config());
    return count == 0
        ? List.of()
        : new KeptAnswers(config.stateDir())
            .ask(
                base,
                DRAWN_PER_KEPT * count,
                count,
                Beginning.VARIED,
                SavedRandom.derive(config.trainer().seed(), "own answers"));
  }

  private static void requireLanguageModel(BaseModel base) {
    if (base.config().family().isEncoder()) {
      throw ConfigException.of(
          "model",
          base.directory(),
          "a %s tells classes apart, and the stream has prompts and completions; use a gpt2, llama, mistral, qwen2 or qwen3, or 'tributary tune'"
              .formatted(base.config().modelType()));
    }
  }

  /** The same on any learners; {@code learners} are closed with the trainer. */
  static Trainer start(
      TrainerConfig config,
      KafkaSettings kafka,
      Learners learners,
      ExampleEncoding encoding,
      BatchLimits limits,
      int maxLength,
      Clock clock,
      Health health,
      ServiceMetrics metrics) {
    List<AutoCloseable> opened = new ArrayList<>();
    try {
      return wire(
          config, kafka, learners, encoding, limits, maxLength, clock, health, metrics, opened);
    } catch (RuntimeException e) {
      opened.reversed().forEach(Trainer::closeQuietly);
      throw e;
    }
  }

  private static Trainer wire(
      TrainerConfig config,
      KafkaSettings kafka,
      Learners learners,
      ExampleEncoding encoding,
      BatchLimits limits,
      int maxLength,
      Clock clock,
      Health health,
      ServiceMetrics metrics,
      List<AutoCloseable> opened) {
    TrainingConfig training = config.trainer();
    ClientSettings clients =
        new ClientSettings(kafka, training.groupId(), InstanceIdentity.of(config.stateDir()));
    SchemaRegistry registry = SchemaRegistries.open(config.schemaRegistry());
    ArtifactStore store = new ArtifactStore(config.artifactsDir());

    Admin admin = opened(opened, Admin.create(clients.admin()));
    TopicAdmin.ensure(admin, config.topics(), TOPICS_LIMIT);
    String topic = Topics.EXAMPLES.name();
    LogReader log = new LogReader(clients.reader(), admin, LOG_LIMIT);
    InputIdentity input = log.identity(topic);

    TrainerReporter reporter =
        new TrainerReporter(new TrainerMetrics(metrics.registry()), health, clock);
    ControlLog control =
        new ControlLog(Contracts.decoder(ControlCommand.class, registry), reporter);
    TopicTail controlTail =
        opened(opened, log.tail(Topics.CONTROL.name(), message -> control.apply(List.of(message))));

    SessionFactory sessions =
        new SessionFactory(learners, training.replay().limits(), maxLength, training.seed());
    CandidatePolicy policy = training.candidate().policy();
    PartitionLoader loader =
        new PartitionLoader(
            log,
            Contracts.decoder(CheckpointPointer.class, registry),
            input,
            new Restorer(store, sessions, input),
            sessions,
            new ExampleReader(Contracts.decoder(TrainingExample.class, registry), encoding),
            limits,
            policy,
            control::isPaused,
            reporter);
    JobRunner runner =
        new JobRunner(
            new BatchTrainer(
                training.lessonPlan(), learners.variation(), reporter, System::nanoTime),
            policy,
            new StoredArtifacts(config.stateDir().resolve("export"), store),
            learners,
            input,
            clock,
            System::nanoTime);
    Worker worker = new Worker(runner, learners, System::nanoTime);
    Transactions transactions =
        new Transactions(
            new TransactionalCommit(new MeteredProducers(clients, metrics)),
            Contracts.serializer(CheckpointPointer.class, registry),
            Contracts.serializer(AdapterCandidate.class, registry));
    KafkaConsumer<byte[], byte[]> consumer =
        opened(
            opened,
            new KafkaConsumer<>(
                clients.groupConsumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    metrics.bindConsumer(consumer);
    TrainingLoop loop =
        new TrainingLoop(
            consumer,
            loader,
            worker,
            transactions,
            new EndOfLog(consumer, log, clock, training.clockSlack().toMillis()),
            control,
            controlTail,
            reporter,
            System::nanoTime);
    ArtifactCollector collector =
        new ArtifactCollector(
            store,
            log,
            registry,
            training.checkpoint().keep(),
            training.checkpoint().orphanGrace(),
            clock);
    LoopThread thread =
        new LoopThread(loop, topic, consumer, worker, transactions, controlTail, reporter);
    thread.start();
    return new Trainer(
        thread,
        Collecting.start(collector, training.checkpoint().collectEvery(), reporter),
        admin,
        reporter);
  }

  private static <T extends AutoCloseable> T opened(List<AutoCloseable> all, T one) {
    all.add(one);
    return one;
  }

  private static void closeQuietly(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      // The start has failed already, and that is what is reported.
    }
  }

  /** How far each adapter of this instance is. */
  public List<AdapterStatus> adapters() {
    return reporter.adapters();
  }

  /**
   * Stops within five seconds. Work not yet committed is dropped; it is done again after a restart.
   */
  @Override
  public void close() {
    thread.close();
    collecting.close();
    admin.close(Duration.ZERO);
  }
}
