package dev.tributary.platform.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ServiceMetricsTest {

  private static final Map<String, Object> NO_BROKER =
      Map.of("bootstrap.servers", "127.0.0.1:9", "group.id", "g");

  @Test
  void servesJvmServiceAndKafkaMeters() throws Exception {
    try (ServiceMetrics metrics = new ServiceMetrics();
        KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                NO_BROKER, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:9"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        HttpServer server =
            HttpServer.builder(HttpConfig.onPort(0)).route(metrics.route()).start();
        HttpClient client = HttpClient.newHttpClient()) {
      metrics.registry().counter("tributary.test.records", "kind", "a").increment(3);
      metrics.kernels("reference");
      metrics.bindConsumer(consumer);
      metrics.bindProducer(producer);

      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/metrics"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertEquals(
          "text/plain; version=0.0.4; charset=utf-8",
          answer.headers().firstValue("Content-Type").orElseThrow());
      for (String meter :
          new String[] {
            "tributary_test_records_total{kind=\"a\"} 3.0",
            "tributary_kernels_info{kernels=\"reference\"} 1",
            "jvm_memory_used_bytes{",
            "system_cpu_count",
            "process_uptime_seconds",
            "kafka_consumer_fetch_manager_",
            "kafka_producer_record_send_total{"
          }) {
        assertTrue(answer.body().contains(meter), "missing: " + meter);
      }
    }
  }

  @Test
  void theMetersOfAnEndedClientAreGone() throws Exception {
    try (ServiceMetrics metrics = new ServiceMetrics();
        KafkaProducer<byte[], byte[]> other = producer("stays")) {
      metrics.bindProducer(other);
      KafkaProducer<byte[], byte[]> ended = producer("ends");
      AutoCloseable meters = metrics.bindProducer(ended);
      assertTrue(metrics.registry().scrape().contains("client_id=\"ends\""));

      meters.close();
      ended.close();

      assertFalse(metrics.registry().scrape().contains("client_id=\"ends\""));
      assertTrue(metrics.registry().scrape().contains("client_id=\"stays\""));
      Awaitility.await("nobody looks through the ended client").until(() -> lookers() == 1);
    }
  }

  private static long lookers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("client-metrics"))
        .count();
  }

  private static KafkaProducer<byte[], byte[]> producer(String clientId) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", "127.0.0.1:9", "client.id", clientId),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
