package dev.tributary.ingest.gateway;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.trail.Trails;
import dev.tributary.platform.http.HttpConfig;
import dev.tributary.platform.http.HttpServer;
import dev.tributary.schemas.registry.SchemaRegistries;
import dev.tributary.schemas.registry.SchemaRegistry;
import dev.tributary.schemas.serde.Contracts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway over a producer of the test's choosing, behind a real HTTP server. */
final class GatewayFixture implements AutoCloseable {

  private final SchemaRegistry registry = SchemaRegistries.open(null);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server;

  GatewayFixture(
      GatewayConfig config, Producer<String, byte[]> producer, Trails trails, Clock clock) {
    Gateway gateway =
        Gateway.over(config, producer, registry, trails, new IngestMetrics(meters), clock);
    server = HttpServer.builder(HttpConfig.onPort(0)).routes(gateway.routes()).start();
  }

  HttpResponse<String> json(String path, String body, String... headers) throws Exception {
    return post(path, "application/json", body, headers);
  }

  HttpResponse<String> ndjson(String path, String body, String... headers) throws Exception {
    return post(path, "application/x-ndjson", body, headers);
  }

  private HttpResponse<String> post(String path, String type, String body, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return client.send(
        (headers.length == 0 ? request : request.headers(headers)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  <T extends SpecificRecord> List<T> decode(
      Class<T> type, List<ProducerRecord<String, byte[]>> records) {
    return records.stream()
        .map(record -> Contracts.decoder(type, registry).decode(record.value()))
        .toList();
  }

  double counted(String kind, String outcome) {
    return meters.counter("tributary.ingest.records", "kind", kind, "outcome", outcome).count();
  }

  static JsonNode tree(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @Override
  public void close() {
    server.close();
    client.close();
  }
}
