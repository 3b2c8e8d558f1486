package dev.tributary.app.doctor;

import dev.tributary.platform.kafka.KafkaSettings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.KafkaException;

/** Whether a broker answers, and whether its transactions are the safe kind. */
public final class BrokerCheck implements Check {

  private static final int SECONDS = 10;

  /** From this level on, a late end of one transaction cannot hit the next (KIP-890). */
  private static final short SAFE_TRANSACTIONS = 2;

  private final String bootstrapServers;

  public BrokerCheck(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  @Override
  public List<Finding> run() {
    Map<String, Object> settings = KafkaSettings.of(bootstrapServers).admin();
    settings.put("default.api.timeout.ms", SECONDS * 1000);
    settings.put("request.timeout.ms", SECONDS * 1000 / 2);
    try (Admin admin = Admin.create(settings)) {
      var cluster = admin.describeCluster();
      int nodes = cluster.nodes().get(SECONDS, TimeUnit.SECONDS).size();
      String id = cluster.clusterId().get(SECONDS, TimeUnit.SECONDS);
      FeatureMetadata features =
          admin.describeFeatures().featureMetadata().get(SECONDS, TimeUnit.SECONDS);
      String reached =
          "%s answers: cluster %s, %d broker(s)".formatted(bootstrapServers, id, nodes);
      return List.of(transactions(reached, features));
    } catch (KafkaException | ExecutionException | TimeoutException e) {
      return List.of(
          Finding.broken(
              "broker",
              "%s does not answer (%s); is it running, and is the address right?"
                  .formatted(bootstrapServers, reason(e))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of(Finding.broken("broker", "interrupted while asking " + bootstrapServers));
    }
  }

  private static Finding transactions(String reached, FeatureMetadata features) {
    FinalizedVersionRange level = features.finalizedFeatures().get("transaction.version");
    short version = level == null ? 0 : level.maxVersionLevel();
    return version >= SAFE_TRANSACTIONS
        ? Finding.ok("broker", reached + ", transaction.version " + version)
        : Finding.note(
            "broker",
            "%s, transaction.version %d; raise it to 2 (kafka-features.sh), or a late transaction end may hit the next one"
                .formatted(reached, version));
  }

  private static String reason(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? "no answer within " + SECONDS + " s" : cause.getMessage();
  }
}
