package dev.tributary.app.http;

import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.RetriableException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What a service answered.
 *
 * @param status HTTP status
 * @param body its JSON, or a missing node if it is none
 * @param retryAfterSeconds when to come back, if the service says
 */
public record Reply(int status, JsonNode body, Optional<Integer> retryAfterSeconds) {

  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /**
   * The service's own words about what went wrong, from a problem document or OpenAI's error
   * object.
   */
  public String complaint() {
    for (String pointer : new String[] {"/detail", "/error/message", "/title"}) {
      JsonNode text = body.at(pointer);
      if (text.isString()) {
        return text.stringValue() + fields();
      }
    }
    return "status " + status;
  }

  /**
   * What was asked for.
   *
   * @param service who answered, for the message: {@code the gateway}
   * @throws ConfigException if the service refuses the request as it is: its words say what to
   *     write
   * @throws RetriableException if it fails otherwise
   */
  public JsonNode required(String service) {
    if (isSuccess()) {
      return body;
    }
    throw switch (status) {
      case 400, 404, 409, 413, 422 -> new ConfigException(complaint());
      default ->
          new RetriableException("%s answered %d: %s".formatted(service, status, complaint()));
    };
  }

  private String fields() {
    StringBuilder text = new StringBuilder();
    for (JsonNode error : body.path("errors")) {
      text.append("; ").append(error.path("pointer").asString("")).append(' ');
      text.append(error.path("detail").asString(""));
    }
    return text.toString();
  }
}
