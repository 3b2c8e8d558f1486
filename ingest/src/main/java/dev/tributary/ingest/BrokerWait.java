package dev.tributary.ingest;

import dev.tributary.foundation.error.RetriableException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the broker when a service starts before it, and says so. */
final class BrokerWait {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerWait.class);
  private static final int ATTEMPT_MILLIS = 5_000;

  private BrokerWait() {}

  /**
   * Returns when the broker answers.
   *
   * @param address as in {@code bootstrap.servers}, for messages
   * @throws RetriableException when it does not within the limit
   */
  static void await(Admin admin, String address, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (remaining <= 0) {
        throw new RetriableException(
            "no broker answers at %s after %d s; start it, or correct bootstrap.servers"
                .formatted(address, limit.toSeconds()));
      }
      if (answers(admin, (int) Math.min(ATTEMPT_MILLIS, remaining))) {
        return;
      }
      LOG.warn("waiting for the broker at {}, for {} s more", address, remaining / 1000);
    }
  }

  private static boolean answers(Admin admin, int limitMillis) {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(limitMillis))
          .nodes()
          .get(limitMillis, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("interrupted while waiting for the broker", e);
    }
  }
}
