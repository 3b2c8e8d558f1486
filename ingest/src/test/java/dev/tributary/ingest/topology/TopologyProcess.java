package dev.tributary.ingest.topology;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.platform.health.Health;
import dev.tributary.platform.kafka.KafkaSettings;
import dev.tributary.schemas.registry.LocalSchemaRegistry;
import dev.tributary.schemas.topics.TopicSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The topology in a JVM of its own, so that it can be killed. Ends by itself when its parent does.
 */
final class TopologyProcess {

  private TopologyProcess() {}

  /** Starts one; its log goes to a file in the state directory's parent. */
  static Process start(String bootstrapServers, Path stateDirectory) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            TopologyProcess.class.getName(),
            bootstrapServers,
            stateDirectory.toString());
    Path log = stateDirectory.resolveSibling("topology.log");
    return new ProcessBuilder(command)
        .redirectOutput(Redirect.appendTo(log.toFile()))
        .redirectError(Redirect.appendTo(log.toFile()))
        .start();
  }

  static StreamsRunner run(
      KafkaSettings kafka, Path stateDirectory, IngestMetrics metrics, Health health) {
    TopologyConfig config =
        new TopologyConfig(
            null, Duration.ofMinutes(1), Duration.ofHours(1), 0.2, null, StateStores.ROCKSDB, 1);
    Map<String, Object> settings =
        StreamsSettings.of(
            config,
            kafka
                .with("consumer.session.timeout.ms", "2000")
                .with("consumer.heartbeat.interval.ms", "500"),
            new TopicSettings(2, 1),
            stateDirectory);
    return StreamsRunner.start(
        IngestTopology.build(config, new LocalSchemaRegistry(), metrics, Clock.systemUTC()),
        settings,
        health);
  }

  public static void main(String[] arguments) throws Exception {
    IngestMetrics metrics = new IngestMetrics(new SimpleMeterRegistry());
    StreamsRunner runner =
        run(KafkaSettings.of(arguments[0]), Path.of(arguments[1]), metrics, new Health());
    System.in.transferTo(OutputStream.nullOutputStream()); // ends when the parent does
    runner.close();
  }
}
