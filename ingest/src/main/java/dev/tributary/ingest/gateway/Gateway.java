package dev.tributary.ingest.gateway;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.metrics.RecordKind;
import dev.tributary.ingest.trail.Trails;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.http.Route;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.Feedback;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.Interaction;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import dev.tributary.schemas.topics.Topic;
import dev.tributary.schemas.topics.Topics;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * The front door of ingest: {@code POST /v1/instructions}, {@code /v1/interactions} and {@code
 * /v1/feedback}, and {@code GET} of the instructions and feedback sent. Owns the producer; the HTTP
 * server is the caller's.
 */
public final class Gateway implements AutoCloseable {

  private final int maxLines;
  private final SchemaRegistry registry;
  private final RecordPublisher publisher;
  private final IngestMetrics metrics;
  private final Clock clock;
  private final IdempotencyKeys idempotency;
  private final Trails trails;

  private Gateway(
      GatewayConfig config,
      Producer<String, byte[]> producer,
      SchemaRegistry registry,
      Trails trails,
      IngestMetrics metrics,
      Clock clock) {
    this.maxLines = config.maxInFlightRecords();
    this.registry = registry;
    this.publisher =
        new RecordPublisher(
            producer,
            new InFlightLimit(config.maxInFlightRecords(), config.maxInFlightBytes()),
            config.acknowledgeTimeout());
    this.metrics = metrics;
    this.clock = clock;
    this.idempotency =
        new IdempotencyKeys(config.idempotencyKeys(), config.idempotencyRetention(), clock);
    this.trails = trails;
  }

  /**
   * Opens the producer. The topics must exist.
   *
   * @param admin asked whether the broker is there, for the health component {@code broker}; stays
   *     the caller's
   * @param trails tells where a record stands
   * @param clock decides which times lie in the future
   */
  public static Gateway open(
      GatewayConfig config,
      KafkaSettings kafka,
      Admin admin,
      SchemaRegistry registry,
      Trails trails,
      Health health,
      ServiceMetrics meters,
      IngestMetrics metrics,
      Clock clock) {
    Producer<String, byte[]> producer =
        RecordPublisher.producer(kafka, config.acknowledgeTimeout());
    meters.bindProducer(producer);
    BrokerProbe.start(admin, health.flag("broker"), meters.scheduler());
    return new Gateway(config, producer, registry, trails, metrics, clock);
  }

  /** For tests: the same over any producer. */
  static Gateway over(
      GatewayConfig config,
      Producer<String, byte[]> producer,
      SchemaRegistry registry,
      Trails trails,
      IngestMetrics metrics,
      Clock clock) {
    return new Gateway(config, producer, registry, trails, metrics, clock);
  }

  public List<Route> routes() {
    return List.of(
        submit(
            "/v1/instructions",
            RecordKind.INSTRUCTION,
            Topics.INSTRUCTIONS,
            InstructionRecord.class,
            new InstructionReader()),
        submit(
            "/v1/interactions",
            RecordKind.INTERACTION,
            Topics.INTERACTIONS,
            Interaction.class,
            new InteractionReader()),
        submit(
            "/v1/feedback",
            RecordKind.FEEDBACK,
            Topics.FEEDBACK,
            Feedback.class,
            new FeedbackReader()),
        new TrailRoute(RecordKind.FEEDBACK, trails::feedback).route("/v1/feedback"),
        new TrailRoute(RecordKind.INSTRUCTION, trails::instruction).route("/v1/instructions"));
  }

  private <T extends SpecificRecord> Route submit(
      String path, RecordKind kind, Topic topic, Class<T> contract, RecordReader<T> reader) {
    return new SubmitRoute<>(
            kind,
            topic,
            reader,
            Contracts.serializer(contract, registry),
            publisher,
            metrics,
            maxLines,
            clock)
        .route(path, idempotency);
  }

  /**
   * Gives up what the broker has not acknowledged within a second; its senders were never told that
   * it was.
   */
  @Override
  public void close() {
    publisher.close();
  }
}
