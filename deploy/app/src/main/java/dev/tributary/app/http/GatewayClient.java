package dev.tributary.app.http;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The ingest gateway: single feedback records in, and where a record stands. Thread-safe. */
public final class GatewayClient implements AutoCloseable {

  private static final String SERVICE = "the ingest service";

  private final ServiceHttp http;

  public GatewayClient(URI base) {
    this.http = new ServiceHttp(base);
  }

  /**
   * Returns when the broker has acknowledged it.
   *
   * @return the record's id
   * @throws dev.tributary.foundation.error.ConfigException naming the fields that are wrong
   */
  public String sendFeedback(ObjectNode feedback) {
    return http.post("/v1/feedback", "application/json", feedback.toString())
        .required(SERVICE)
        .path("id")
        .asString();
  }

  /** Where a feedback record stands; empty if it is not known, or not yet. */
  public Optional<JsonNode> feedback(String id) {
    return trail("/v1/feedback/", id);
  }

  /** Where an instruction record stands; empty if it is not known, or not yet. */
  public Optional<JsonNode> instruction(String id) {
    return trail("/v1/instructions/", id);
  }

  private Optional<JsonNode> trail(String path, String id) {
    String segment = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    Reply reply = http.get(path + segment);
    return reply.status() == 404 ? Optional.empty() : Optional.of(reply.required(SERVICE));
  }

  @Override
  public void close() {
    http.close();
  }
}
