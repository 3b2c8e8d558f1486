package dev.tributary.trainer.loop;

import dev.tributary.platform.metrics.ServiceMetrics;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes producers one after another, each in place of a discarded one, with meters for the newest
 * only. For one thread.
 */
final class MeteredProducers implements Supplier<Producer<byte[], byte[]>> {

  private static final Logger LOG = LoggerFactory.getLogger(MeteredProducers.class);

  private final ClientSettings clients;
  private final ServiceMetrics metrics;
  private AutoCloseable meters = () -> {};

  MeteredProducers(ClientSettings clients, ServiceMetrics metrics) {
    this.clients = clients;
    this.metrics = metrics;
  }

  @Override
  public Producer<byte[], byte[]> get() {
    try {
      meters.close();
    } catch (Exception e) {
      LOG.warn("the meters of a discarded producer stay behind", e);
    }
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            clients.producer(), new ByteArraySerializer(), new ByteArraySerializer());
    meters = metrics.bindProducer(producer);
    return producer;
  }
}
