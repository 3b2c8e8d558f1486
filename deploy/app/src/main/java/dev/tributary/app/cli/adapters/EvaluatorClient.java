package dev.tributary.app.cli.adapters;

import dev.tributary.app.http.Reply;
import dev.tributary.app.http.ServiceHttp;
import dev.tributary.foundation.AdapterId;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The evaluator's registry over HTTP. Thread-safe. */
public final class EvaluatorClient implements AutoCloseable {

  private static final int PAGE = 100;
  private static final JsonMapper JSON = new JsonMapper();

  private final ServiceHttp http;

  EvaluatorClient(URI base) {
    http = new ServiceHttp(base);
  }

  /** All adapters, in the registry's order. */
  List<JsonNode> adapters() {
    return all("/v1/adapters");
  }

  /** One adapter with its versions, newest first. */
  public JsonNode adapter(AdapterId adapter) {
    return checked(http.get(path(adapter)));
  }

  /** What happened to an adapter, newest first. */
  List<JsonNode> history(AdapterId adapter) {
    return all(path(adapter) + "/history");
  }

  /**
   * @param command {@code promote}, {@code rollback}, {@code pause} or {@code resume}
   * @throws GateRefusedException if the gate's verdict stands against it
   */
  JsonNode command(AdapterId adapter, String command, ObjectNode body) {
    return checked(http.post(path(adapter) + "/" + command, "application/json", body.toString()));
  }

  ObjectNode object() {
    return JSON.createObjectNode();
  }

  private List<JsonNode> all(String path) {
    List<JsonNode> items = new ArrayList<>();
    String query = "?limit=" + PAGE;
    while (true) {
      JsonNode page = checked(http.get(path + query));
      page.path("data").forEach(items::add);
      if (!page.path("has_more").booleanValue(false)) {
        return items;
      }
      query = "?limit=%d&after=%s".formatted(PAGE, page.path("last_id").asString());
    }
  }

  private static JsonNode checked(Reply reply) {
    if (reply.status() == 409 && reply.body().path("code").asString("").equals("refused_by_gate")) {
      throw new GateRefusedException(reply.complaint());
    }
    return reply.required("the evaluator");
  }

  private static String path(AdapterId adapter) {
    return "/v1/adapters/" + adapter.dotted();
  }

  @Override
  public void close() {
    http.close();
  }
}
