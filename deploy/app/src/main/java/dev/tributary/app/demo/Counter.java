package dev.tributary.app.demo;

import dev.tributary.app.demo.base.StoryRecord;
import dev.tributary.app.http.Endpoints;
import dev.tributary.app.http.GatewayClient;
import dev.tributary.app.http.TributaryClient;
import dev.tributary.app.http.TributaryClient.Answer;
import dev.tributary.app.records.Trail;
import dev.tributary.foundation.AdapterId;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shop's counter, over HTTP: staff tell what is right, customers ask and object. For one
 * thread.
 */
final class Counter implements AutoCloseable {

  private final TributaryClient client;
  private final GatewayClient gateway;
  private final AdapterId adapter;
  private int customers;

  /**
   * @param client stays the caller's to close
   */
  Counter(TributaryClient client, Endpoints endpoints, AdapterId adapter) {
    this.client = client;
    this.gateway = new GatewayClient(endpoints.ingest());
    this.adapter = adapter;
  }

  /** Staff tell what holds. */
  void tell(List<StoryRecord> lines) {
    client.sendInstructions(
        lines.stream()
            .map(
                line ->
                    client
                        .object()
                        .put("adapter", adapter.toString())
                        .put("instruction", line.question())
                        .put("output", line.answer())
                        .put("slice", line.slice())
                        .put("source", "agent"))
            .toList());
  }

  /** A customer asks whatever version answers now. */
  Answer ask(String question) {
    return client.ask(adapter.dotted(), question);
  }

  /**
   * Customers ask, each with an account of their own, and object to the answer; then the
   * corrections follow, all at once.
   *
   * @param source {@code agent} where staff correct, {@code user} where the customers do
   * @return the corrections' ids
   */
  List<String> correct(List<StoryRecord> lines, String source) {
    List<ObjectNode> feedback = new ArrayList<>();
    List<String> ids = new ArrayList<>();
    for (StoryRecord line : lines) {
      String requestId = ask(line.question()).requestId();
      String customer = "customer-" + ++customers;
      String id = "correction-" + customers;
      feedback.add(feedback(requestId, "user", customer).put("kind", "thumb").put("value", -1));
      feedback.add(
          feedback(requestId, source, source.equals("user") ? customer : "agent-1")
              .put("id", id)
              .put("kind", "correction")
              .put("correction", line.answer())
              .put("slice", line.slice()));
      ids.add(id);
    }
    client.sendFeedback(feedback);
    return ids;
  }

  /** Where a correction stands. */
  Trail trail(String id) {
    return gateway.feedback(id).map(Trail::new).orElseGet(() -> Trail.unknown(id));
  }

  private ObjectNode feedback(String requestId, String source, String author) {
    return client
        .object()
        .put("request_id", requestId)
        .put("source", source)
        .put("author_id", author);
  }

  @Override
  public void close() {
    gateway.close();
  }
}
