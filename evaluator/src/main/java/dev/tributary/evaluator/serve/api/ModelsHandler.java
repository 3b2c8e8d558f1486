package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.model.ModelCard;
import dev.tributary.evaluator.serve.model.ModelCatalogue;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /v1/models} and {@code /v1/models/{id}}: what can be asked, and which version answers
 * under an alias now.
 */
final class ModelsHandler {

  private static final String OWNER = "tributary";

  private final ModelCatalogue catalogue;
  private final int contextLength;

  ModelsHandler(ModelCatalogue catalogue, int contextLength) {
    this.catalogue = catalogue;
    this.contextLength = contextLength;
  }

  Response list(Request request) {
    List<Map<String, Object>> models = catalogue.list().stream().map(this::body).toList();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", models);
    return Response.json(200, body);
  }

  Response one(Request request) {
    String id = request.pathParameter("id");
    return catalogue.list().stream()
        .filter(card -> card.id().equals(id))
        .findFirst()
        .map(card -> Response.json(200, body(card)))
        .orElseThrow(() -> OpenAiErrors.modelNotFound(id));
  }

  private Map<String, Object> body(ModelCard card) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", card.id());
    body.put("object", "model");
    body.put("created", card.created().getEpochSecond());
    body.put("owned_by", OWNER);
    body.put("root", card.root());
    body.put("parent", card.parent().orElse(null));
    body.put("max_model_len", contextLength);
    return body;
  }
}
