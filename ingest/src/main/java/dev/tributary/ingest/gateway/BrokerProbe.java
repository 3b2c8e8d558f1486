package dev.tributary.ingest.gateway;

import dev.tributary.platform.health.HealthFlag;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * Asks the broker now and then whether it is there, so that readiness comes back without traffic.
 */
final class BrokerProbe {

  private static final int INTERVAL_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 1_500;

  private final Admin admin;
  private final HealthFlag flag;

  private BrokerProbe(Admin admin, HealthFlag flag) {
    this.admin = admin;
    this.flag = flag;
  }

  /** Probes on the scheduler's thread until that is shut down. */
  static void start(Admin admin, HealthFlag flag, ScheduledExecutorService scheduler) {
    BrokerProbe probe = new BrokerProbe(admin, flag);
    scheduler.scheduleWithFixedDelay(probe::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      admin
          .describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MILLIS))
          .nodes()
          .get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
      flag.ready();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      flag.notReady("the broker does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
