package dev.tributary.app.runtime;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import dev.tributary.evaluator.EvaluatorConfig;
import dev.tributary.evaluator.serve.ServeConfig;
import dev.tributary.foundation.config.StrictYaml;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.ingest.IngestConfig;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.topics.TopicSettings;
import dev.tributary.trainer.config.TrainerConfig;
import dev.tributary.trainer.config.TrainingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The one configuration file: what all services share at the top, and a section for each. {@code
 * up} reads all of it, a service on its own the shared part and its section, so that one file fits
 * every command.
 *
 * @param kafka the clients' own settings, untouched; without {@code bootstrap.servers}, {@code up}
 *     starts a broker
 * @param topics how missing topics are made
 * @param schemaRegistry URL of a Confluent-compatible registry; default: the schemas that come with
 *     the program
 * @param stateDir where processes keep what is theirs; default {@code state}
 * @param artifactsDir artefact store all services share; default {@code artifacts} below the state
 *     directory
 * @param baseModel Hugging Face directory of the base model; default the demo's
 * @param broker the node {@code up} starts
 */
public record TributaryConfig(
    KafkaSettings kafka,
    TopicSettings topics,
    String schemaRegistry,
    Path stateDir,
    Path artifactsDir,
    Path baseModel,
    BrokerSection broker,
    IngestConfig ingest,
    TrainingConfig trainer,
    EvaluatorConfig evaluator,
    ServeConfig serve) {

  public TributaryConfig {
    kafka = requireNonNullElse(kafka, KafkaSettings.empty());
    topics = requireNonNullElse(topics, TopicSettings.DEFAULT);
    stateDir = requireNonNullElse(stateDir, Path.of("state")).toAbsolutePath().normalize();
    artifactsDir =
        requireNonNullElse(artifactsDir, stateDir.resolve("artifacts"))
            .toAbsolutePath()
            .normalize();
    baseModel = requireNonNullElseGet(baseModel, DemoModel::directory);
    broker = requireNonNullElse(broker, BrokerSection.DEFAULT);
    ingest = requireNonNullElse(ingest, IngestConfig.DEFAULT);
    trainer = requireNonNullElse(trainer, TrainingConfig.DEFAULT);
    evaluator =
        requireNonNullElseGet(
            evaluator,
            () -> new EvaluatorConfig(null, null, null, null, null, null, null, null, null));
    serve = requireNonNullElse(serve, ServeConfig.DEFAULT);
    requireShared("ingest.topics", ingest.topics(), topics);
    requireShared("evaluator.topics", evaluator.topics(), topics);
    requireShared("serve.topics", serve.topics(), topics);
  }

  /** Everything at its default. */
  public static TributaryConfig defaults() {
    return new TributaryConfig(null, null, null, null, null, null, null, null, null, null, null);
  }

  /**
   * @param fileOrNull null for the defaults
   * @throws ConfigException naming file, key and fix
   */
  public static TributaryConfig read(Path fileOrNull) {
    return fileOrNull == null ? defaults() : StrictYaml.read(fileOrNull, TributaryConfig.class);
  }

  /**
   * A configuration that comes with the program.
   *
   * @param owner class beside which the file lies
   * @param state what the services keep goes below this directory
   */
  public static TributaryConfig fromResource(Class<?> owner, String name, Path state) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String root = "state_dir: '%s'%n".formatted(state.toString().replace("'", "''"));
      return StrictYaml.parse(root + yaml, name, TributaryConfig.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All sections must agree on the topics, so they are named once. */
  private static void requireShared(String key, TopicSettings section, TopicSettings shared) {
    if (!section.equals(TopicSettings.DEFAULT) && !section.equals(shared)) {
      throw ConfigException.of(key, section, "write topics: once, at the top of the file");
    }
  }

  /** The same on a given broker. */
  public TributaryConfig withBootstrapServers(String servers) {
    return new TributaryConfig(
        kafka.with("bootstrap.servers", servers),
        topics,
        schemaRegistry,
        stateDir,
        artifactsDir,
        baseModel,
        broker,
        ingest,
        trainer,
        evaluator,
        serve);
  }

  /** What ingest needs, the shared part included. */
  public IngestConfig ingestConfig() {
    return new IngestConfig(
            ingest.http(),
            topics,
            registryFor(ingest.schemaRegistry()),
            ingest.stateDir(),
            ingest.brokerWait(),
            ingest.gateway(),
            ingest.topology())
        .within(topics, stateDir.resolve("ingest"));
  }

  /** What the trainer needs. */
  public TrainerConfig trainerConfig() {
    return new TrainerConfig(
        stateDir.resolve("trainer"), artifactsDir, topics, schemaRegistry, trainer);
  }

  /** What the evaluator needs. */
  public EvaluatorConfig evaluatorConfig() {
    return new EvaluatorConfig(
        evaluator.http(),
        topics,
        registryFor(evaluator.schemaRegistry()),
        requireNonNullElse(evaluator.stateDir(), stateDir.resolve("evaluator")),
        requireNonNullElse(evaluator.artifactsDir(), artifactsDir),
        evaluator.publishedDir(),
        evaluator.gate(),
        evaluator.suite(),
        evaluator.scoring());
  }

  /** What the server needs. */
  public ServeConfig serveConfig() {
    return serve.within(topics, schemaRegistry);
  }

  private String registryFor(String section) {
    return section == null ? schemaRegistry : section;
  }
}
