package dev.tributary.ingest;

import dev.tributary.ingest.gateway.Gateway;
import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.topology.IngestTopology;
import dev.tributary.ingest.topology.StreamsRunner;
import dev.tributary.ingest.topology.StreamsSettings;
import dev.tributary.ingest.trail.Trail;
import dev.tributary.ingest.trail.TrailLog;
import dev.tributary.ingest.trail.Trails;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.platform.kafka.BrokerWait;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.platform.lifecycle.CloseStack;
import dev.tributary.platform.lifecycle.CompositeService;
import dev.tributary.platform.lifecycle.StateDirectory;
import dev.tributary.platform.metrics.ServiceMetrics;
import dev.tributary.schemas.registry.SchemaRegistries;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.topics.TopicAdmin;
import java.time.Clock;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ingest: the HTTP gateway that writes records to Kafka, and the topology that makes training
 * examples of them.
 */
public final class IngestService extends CompositeService {

  private static final Logger LOG = LoggerFactory.getLogger(IngestService.class);

  private IngestService(int port, Health health, CloseStack parts) {
    super("ingest", port, health, parts);
  }

  /**
   * Starts ingest; returns once it takes requests, while the topology may still be loading its
   * state.
   *
   * @throws dev.tributary.foundation.error.ConfigException if the port is taken, the state
   *     directory is in use, or the topics cannot be used as they are
   * @throws dev.tributary.foundation.error.RetriableException if the broker does not answer within
   *     {@code broker_wait}
   */
  public static IngestService start(IngestConfig config, KafkaSettings kafka, Clock clock) {
    return CloseStack.start(parts -> start(config, kafka, clock, parts));
  }

  private static IngestService start(
      IngestConfig config, KafkaSettings kafka, Clock clock, CloseStack parts) {
    StateDirectory state = parts.push(StateDirectory.lock(config.requiredStateDir()));
    ServiceMetrics meters = parts.push(new ServiceMetrics());
    IngestMetrics metrics = new IngestMetrics(meters.registry());
    SchemaRegistry registry = SchemaRegistries.open(config.schemaRegistry());
    Health health = new Health();

    BrokerWait.await(kafka, config.brokerWait());
    Admin admin = parts.push(Admin.create(kafka.admin()));
    TopicAdmin.ensure(admin, config.topics(), config.brokerWait());

    StreamsRunner topology =
        StreamsRunner.start(
            IngestTopology.build(config.topology(), registry, metrics, clock),
            StreamsSettings.of(config.topology(), kafka, config.topics(), state.path()),
            health);
    ParallelClose topologyEnd = parts.push(new ParallelClose(topology::close));
    topology.bindTo(meters);
    Trail trail = new Trail(TrailLog.LIMIT);
    TrailLog trailLog = parts.push(TrailLog.start(kafka.consumer(), trail, registry));
    health.check("trail", trailLog::status);
    Gateway gateway =
        parts.push(
            Gateway.open(
                config.gateway(),
                kafka,
                admin,
                registry,
                new Trails(topology, trail, config.topology().voices()),
                health,
                meters,
                metrics,
                clock));
    HttpServer server =
        parts.push(
            HttpServer.builder(config.http())
                .routes(gateway.routes())
                .routes(health.routes())
                .route(meters.route())
                .start());
    // Requests end, then the gateway; the topology stops at the same time, so that all is done
    // within five seconds.
    parts.push(topologyEnd::begin);
    LOG.info("ingest takes records at http://{}:{}/v1", config.http().host(), server.port());
    return new IngestService(server.port(), health, parts);
  }
}
