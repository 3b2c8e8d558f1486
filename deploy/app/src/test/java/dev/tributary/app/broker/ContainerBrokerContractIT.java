package dev.tributary.app.broker;

import org.apache.kafka.common.utils.AppInfoParser;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** Kafka's own image keeps the contract too; skipped where there is no Docker. */
@Testcontainers(disabledWithoutDocker = true)
class ContainerBrokerContractIT extends BrokerContractTest {

  @Container
  private static final KafkaContainer KAFKA =
      new KafkaContainer("apache/kafka:" + AppInfoParser.getVersion());

  @Override
  String bootstrapServers() {
    return KAFKA.getBootstrapServers();
  }
}
