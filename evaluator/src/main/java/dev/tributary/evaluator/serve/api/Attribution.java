package dev.tributary.evaluator.serve.api;

import dev.tributary.foundation.AdapterId;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.platform.http.Request;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * To whom and to what an answer belongs, for the interaction that is recorded.
 *
 * @param adapter adapter the caller names itself: {@code metadata.adapter} or the header {@code
 *     X-Tributary-Adapter}
 * @param slice {@code metadata.slice}
 * @param session {@code metadata.session_id}
 * @param subject {@code user}: a pseudonym of the person
 * @param requestId the caller's own {@code X-Request-Id}, another name for the answer in later
 *     feedback
 * @param metadata the other pairs
 */
record Attribution(
    Optional<AdapterId> adapter,
    Optional<String> slice,
    Optional<String> session,
    Optional<String> subject,
    Optional<String> requestId,
    Map<String, String> metadata) {

  static final String ADAPTER_HEADER = "X-Tributary-Adapter";
  private static final int MAX_PAIRS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;

  static Attribution read(Parameters parameters, Request request) {
    Map<String, String> metadata = metadata(parameters);
    Optional<String> named = Optional.ofNullable(metadata.remove("adapter"));
    Optional<AdapterId> adapter =
        named.isPresent()
            ? named.map(text -> adapter(parameters.pointer("metadata") + "/adapter", text))
            : request.header(ADAPTER_HEADER).map(text -> adapter("", text));
    return new Attribution(
        adapter,
        Optional.ofNullable(metadata.remove("slice")),
        Optional.ofNullable(metadata.remove("session_id")),
        parameters.text("user", MAX_VALUE),
        request.header("X-Request-Id"),
        Map.copyOf(metadata));
  }

  private static AdapterId adapter(String pointer, String text) {
    try {
      return AdapterId.parse(text);
    } catch (ConfigException e) {
      throw OpenAiErrors.invalid(pointer, e.getMessage());
    }
  }

  private static Map<String, String> metadata(Parameters parameters) {
    Map<String, String> pairs = new TreeMap<>();
    parameters
        .node("metadata")
        .ifPresent(
            object -> {
              String pointer = parameters.pointer("metadata");
              if (!object.isObject() || object.size() > MAX_PAIRS) {
                throw OpenAiErrors.invalid(
                    pointer, "metadata must be an object of at most %d pairs".formatted(MAX_PAIRS));
              }
              object.properties().forEach(pair -> pairs.put(pair.getKey(), value(pointer, pair)));
            });
    return pairs;
  }

  private static String value(String pointer, Map.Entry<String, JsonNode> pair) {
    if (pair.getKey().length() > MAX_KEY
        || !pair.getValue().isString()
        || pair.getValue().asString().length() > MAX_VALUE) {
      throw OpenAiErrors.invalid(
          pointer,
          "metadata keys have at most %d characters, values are strings of at most %d"
              .formatted(MAX_KEY, MAX_VALUE));
    }
    return pair.getValue().asString();
  }
}
