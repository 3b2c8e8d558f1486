package dev.tributary.platform.kafka;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A process that owns a broker, for tests that kill the owner: prints the broker's process id and
 * waits for ever.
 */
final class BrokerParent {

  private BrokerParent() {}

  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.in(Path.of(arguments[0])));
    System.out.println(broker.pid());
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
