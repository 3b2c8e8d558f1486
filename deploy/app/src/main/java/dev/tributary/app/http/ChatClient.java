package dev.tributary.app.http;

import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.foundation.AdapterId;
import java.net.URI;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Asks the server a question in an adapter's name. Thread-safe. */
public final class ChatClient implements AutoCloseable {

  private static final String SERVICE = "the server";
  private static final JsonMapper JSON = new JsonMapper();

  private final ServiceHttp http;

  public ChatClient(URI base) {
    this.http = new ServiceHttp(base);
  }

  /**
   * Asks greedily, so that the same version gives the same answer. Before an adapter's first
   * release the base model answers, and the answer is recorded as the adapter's all the same.
   */
  public Answer ask(AdapterId adapter, String question) {
    Reply reply = post(request(adapter.dotted(), question));
    if (reply.status() == 404) {
      ObjectNode request = request(baseModel(), question);
      request.putObject("metadata").put("adapter", adapter.toString());
      reply = post(request);
    }
    JsonNode body = reply.required(SERVICE);
    return new Answer(
        body.path("id").asString(),
        body.path("model").asString(),
        body.at("/choices/0/message/content").asString());
  }

  private Reply post(ObjectNode request) {
    return http.post("/v1/chat/completions", "application/json", request.toString());
  }

  private static ObjectNode request(String model, String question) {
    ObjectNode request = JSON.createObjectNode().put("model", model).put("temperature", 0);
    request.putArray("messages").addObject().put("role", "user").put("content", question);
    return request;
  }

  /** The one model that is not made of another. */
  private String baseModel() {
    return http.get("/v1/models")
        .required(SERVICE)
        .path("data")
        .valueStream()
        .filter(model -> model.path("parent").isNull())
        .findFirst()
        .map(model -> model.path("id").asString())
        .orElse("");
  }

  @Override
  public void close() {
    http.close();
  }
}
