package dev.tributary.app.records;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a record stands, as the gateway tells it: received, joined, trained, judged, served.
 *
 * @param json the gateway's own document
 */
public record Trail(JsonNode json) {

  private static final JsonMapper JSON = new JsonMapper();

  /** Which way a status leads. */
  public enum Standing {
    /** Something is still being done with the record. */
    MOVING,
    /** Nothing more will happen, and nothing has to. */
    DONE,
    /** The gate refused what was trained on it. */
    REFUSED,
    /** It cannot go on unless somebody does something. */
    STUCK
  }

  /** The trail of a record the gateway does not know, or not yet. */
  public static Trail unknown(String id) {
    return new Trail(
        JSON.valueToTree(
            Map.of(
                "id",
                id,
                "status",
                "unknown",
                "waits_for",
                "the ingest service to know it",
                "what_to_do",
                "check the id, and the dead letters")));
  }

  /** In the gateway's words, such as {@code waiting_for_voices}. */
  public String status() {
    return json.path("status").asString("unknown");
  }

  /** What a status leads to; one this program does not know yet may still lead anywhere. */
  public Standing standing() {
    return switch (status()) {
      case "served", "held_out", "replaced" -> Standing.DONE;
      case "refused" -> Standing.REFUSED;
      case "unmatched", "no_example", "waiting_for_voices", "undecided", "unknown" ->
          Standing.STUCK;
      default -> Standing.MOVING;
    };
  }

  /** Whether a version that learnt it answers. */
  public boolean isServed() {
    return status().equals("served");
  }

  /** The version that serves it, such as {@code acme.support@v7}; empty before. */
  public String servedBy() {
    return json.at("/served/version").asString("");
  }
}
