package dev.tributary.platform.kafka;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a broker that is not there yet, and says so. */
public final class BrokerWait {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerWait.class);
  private static final Duration ATTEMPT = Duration.ofSeconds(5);

  private BrokerWait() {}

  /**
   * Returns when the broker answers.
   *
   * @throws RetriableException when it does not within the limit
   * @throws ConfigException when no client can be made of the settings
   */
  public static void await(KafkaSettings kafka, Duration limit) {
    String address = kafka.bootstrapServers().orElse("the configured address");
    long end = System.nanoTime() + limit.toNanos();
    try (Admin admin = client(kafka)) {
      while (true) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (left.isNegative()) {
          throw new RetriableException(
              "no broker answers at %s after %d s; start it, or correct bootstrap.servers"
                  .formatted(address, limit.toSeconds()));
        }
        if (answers(admin, left.compareTo(ATTEMPT) < 0 ? left : ATTEMPT)) {
          return;
        }
        LOG.warn("waiting for the broker at {}, for up to {} s more", address, left.toSeconds());
      }
    }
  }

  private static Admin client(KafkaSettings kafka) {
    try {
      return Admin.create(kafka.admin());
    } catch (KafkaException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new ConfigException(
          "kafka: %s; correct the settings".formatted(reason.getMessage()), e);
    }
  }

  private static boolean answers(Admin admin, Duration limit) {
    int millis = Math.max(1, (int) limit.toMillis());
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(millis))
          .nodes()
          .get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for the broker", e);
    }
  }
}
