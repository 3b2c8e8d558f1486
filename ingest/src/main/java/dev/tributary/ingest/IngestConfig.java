package dev.tributary.ingest;

import static java.util.Objects.requireNonNullElse;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.ingest.gateway.GatewayConfig;
import dev.tributary.ingest.topology.TopologyConfig;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.schemas.topics.TopicSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The {@code ingest:} map of the configuration. Absent keys take their defaults.
 *
 * @param http where it listens; default 127.0.0.1:8081
 * @param topics how topics are made that are missing; must agree with the other services
 * @param schemaRegistry URL of a Confluent-compatible registry; default: the schemas that come with
 *     the program
 * @param stateDir directory only this ingest uses
 * @param brokerWait how long to wait for the broker at the start, 1 s to 1 h; default 60 s
 * @param gateway bounds of the front door
 * @param topology how records become examples
 */
public record IngestConfig(
    HttpConfig http,
    TopicSettings topics,
    String schemaRegistry,
    Path stateDir,
    Duration brokerWait,
    GatewayConfig gateway,
    TopologyConfig topology) {

  private static final int DEFAULT_PORT = 8081;

  /** What holds where the configuration says nothing. */
  public static final IngestConfig DEFAULT =
      new IngestConfig(null, null, null, null, null, null, null);

  public IngestConfig {
    http = HttpConfig.orPort(http, DEFAULT_PORT);
    topics = requireNonNullElse(topics, TopicSettings.DEFAULT);
    brokerWait = requireNonNullElse(brokerWait, Duration.ofSeconds(60));
    gateway = requireNonNullElse(gateway, GatewayConfig.DEFAULT);
    topology = requireNonNullElse(topology, TopologyConfig.DEFAULT);
    if (brokerWait.compareTo(Duration.ofSeconds(1)) < 0
        || brokerWait.compareTo(Duration.ofHours(1)) > 0) {
      throw ConfigException.of(
          "ingest.broker_wait", brokerWait, "use a duration from 1s to 1h, such as 60s");
    }
  }

  /** The same with what all services share; a state directory this section names itself stays. */
  public IngestConfig within(TopicSettings sharedTopics, Path sharedState) {
    return new IngestConfig(
        http,
        sharedTopics,
        schemaRegistry,
        requireNonNullElse(stateDir, sharedState),
        brokerWait,
        gateway,
        topology);
  }

  /**
   * @throws ConfigException if no state directory is named
   */
  Path requiredStateDir() {
    if (stateDir == null) {
      throw new ConfigException("state_dir: is missing; name a directory only this service uses");
    }
    return stateDir;
  }
}
