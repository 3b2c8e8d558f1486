package dev.tributary.evaluator.api;

import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A list as OpenAI shapes it: {@code object, data, has_more, first_id, last_id}, with {@code
 * ?limit=&after=}.
 */
final class Page {

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  private Page() {}

  /**
   * @param id of an item, as {@code after} names it
   * @param json of an item
   */
  static <T> Response of(
      Request request, List<T> items, Function<T, String> id, Function<T, Object> json) {
    int limit = limit(request);
    int from = request.query("after").map(after -> indexAfter(items, id, after)).orElse(0);
    List<T> page = items.subList(from, Math.min(items.size(), from + limit));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", page.stream().map(json).toList());
    body.put("has_more", from + page.size() < items.size());
    body.put("first_id", page.isEmpty() ? null : id.apply(page.getFirst()));
    body.put("last_id", page.isEmpty() ? null : id.apply(page.getLast()));
    return Response.json(200, body);
  }

  private static int limit(Request request) {
    String text = request.query("limit").orElse(String.valueOf(DEFAULT_LIMIT));
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw HttpException.unprocessable("limit", "'" + text + "'; use 1 to " + MAX_LIMIT);
  }

  private static <T> int indexAfter(List<T> items, Function<T, String> id, String after) {
    for (int i = 0; i < items.size(); i++) {
      if (id.apply(items.get(i)).equals(after)) {
        return i + 1;
      }
    }
    throw HttpException.unprocessable(
        "after", "'" + after + "' is not in the list; start without it");
  }
}
