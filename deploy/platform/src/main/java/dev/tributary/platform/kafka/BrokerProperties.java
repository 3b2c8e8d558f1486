package dev.tributary.platform.kafka;

import java.util.Properties;

/** The settings of a single Kafka node on a small machine, reachable from this machine only. */
final class BrokerProperties {

  private BrokerProperties() {}

  /**
   * @param options with both ports chosen
   */
  static Properties of(BrokerOptions options) {
    Properties p = new Properties();
    String client = "PLAINTEXT://127.0.0.1:" + options.port();
    p.setProperty("process.roles", "broker,controller");
    p.setProperty("node.id", "1");
    // A static quorum of one needs no --standalone step when formatting.
    p.setProperty("controller.quorum.voters", "1@127.0.0.1:" + options.controllerPort());
    p.setProperty("listeners", client + ",CONTROLLER://127.0.0.1:" + options.controllerPort());
    p.setProperty("advertised.listeners", client);
    p.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.setProperty("controller.listener.names", "CONTROLLER");
    p.setProperty("inter.broker.listener.name", "PLAINTEXT");
    p.setProperty("log.dirs", EmbeddedBroker.dataDirectory(options).toString());
    singleReplica(p, "offsets.topic");
    singleReplica(p, "transaction.state.log");
    singleReplica(p, "share.coordinator.state.topic");
    p.setProperty("transaction.state.log.min.isr", "1");
    p.setProperty("share.coordinator.state.topic.min.isr", "1");
    p.setProperty("default.replication.factor", "1");
    p.setProperty("min.insync.replicas", "1");
    p.setProperty("num.partitions", "1");
    p.setProperty("auto.create.topics.enable", "false");
    p.setProperty("group.initial.rebalance.delay.ms", "0");
    p.setProperty("num.network.threads", "2");
    p.setProperty("num.io.threads", "4");
    p.setProperty("background.threads", "2");
    p.setProperty(
        "log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20)); // 128 MiB of heap by default
    options.overrides().forEach(p::setProperty);
    return p;
  }

  private static void singleReplica(Properties p, String topic) {
    p.setProperty(topic + ".replication.factor", "1");
    p.setProperty(topic + ".num.partitions", "1");
  }
}
