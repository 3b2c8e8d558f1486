package dev.tributary.evaluator.serve.api;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How the answer is sent.
 *
 * @param stream as server-sent events while it is made
 * @param includeUsage with one more chunk at the end that counts the tokens
 */
record Streaming(boolean stream, boolean includeUsage) {

  static Streaming read(Parameters parameters) {
    boolean stream = parameters.flag("stream");
    Optional<JsonNode> options = parameters.node("stream_options");
    if (options.isEmpty()) {
      return new Streaming(stream, false);
    }
    String pointer = parameters.pointer("stream_options");
    if (!stream) {
      throw OpenAiErrors.invalid(
          pointer, "stream_options is only allowed together with stream: true");
    }
    Parameters members = Parameters.of(options.get(), pointer);
    boolean includeUsage = members.flag("include_usage");
    members.ignore("include_obfuscation");
    members.refuseUnread();
    return new Streaming(true, includeUsage);
  }
}
