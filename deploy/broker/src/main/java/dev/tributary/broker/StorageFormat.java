package dev.tributary.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * Prepares a log directory for its first start: cluster id, node id and feature levels, as {@code
 * kafka-storage format} does.
 */
final class StorageFormat {

  private StorageFormat() {}

  /**
   * Formats {@code log.dirs} with a random cluster id, unless it already is.
   *
   * @param properties the node's settings; {@code log.dirs} must name exactly one directory
   */
  static void formatIfNeeded(Properties properties) throws Exception {
    Path directory = Path.of(properties.getProperty("log.dirs"));
    if (Files.exists(directory.resolve("meta.properties"))) {
      return;
    }
    Files.createDirectories(directory);
    Formatter formatter = new Formatter();
    formatter.setClusterId(Uuid.randomUuid().toString());
    formatter.setNodeId(Integer.parseInt(properties.getProperty("node.id")));
    formatter.setControllerListenerName(properties.getProperty("controller.listener.names"));
    formatter.setReleaseVersion(MetadataVersion.latestProduction());
    formatter.setMetadataLogDirectory(directory.toString());
    formatter.addDirectory(directory.toString());
    formatter.setPrintStream(System.err);
    formatter.run();
  }
}
