package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.FinishReason;
import dev.tributary.platform.http.ClientGoneException;
import dev.tributary.platform.http.StreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * An answer as server-sent events, one JSON object each, ended by {@code [DONE]}. Nothing is sent
 * before there is something to say, so that what fails early is still an HTTP error.
 */
final class EventStream implements AnswerSink {

  private static final ObjectMapper JSON = JsonMapper.shared();

  /** A comment line: clients skip it, but a connection that is gone shows. */
  private static final byte[] KEEP_ALIVE = ": waiting\n\n".getBytes(StandardCharsets.UTF_8);

  private final StreamWriter writer;
  private final AnswerFormat format;
  private final AnswerHead head;
  private final boolean includeUsage;
  private final Set<Integer> opened = new HashSet<>();
  private boolean begun;

  /**
   * @param includeUsage every piece has a {@code usage}, null in all but the last
   */
  EventStream(StreamWriter writer, AnswerFormat format, AnswerHead head, boolean includeUsage) {
    this.writer = writer;
    this.format = format;
    this.head = head;
    this.includeUsage = includeUsage;
  }

  @Override
  public void text(int choice, String text) throws ClientGoneException {
    open(choice);
    piece(format.textChunk(head, choice, text));
  }

  @Override
  public void choiceDone(int choice, FinishReason reason) throws ClientGoneException {
    open(choice);
    piece(format.finishChunk(head, choice, reason));
  }

  @Override
  public void idle() throws ClientGoneException {
    begun = true;
    writer.write(KEEP_ALIVE);
  }

  /** Ends a complete answer. */
  void done(Usage usage) throws ClientGoneException {
    if (includeUsage) {
      send(format.usageChunk(head, usage));
    }
    writer.event("[DONE]");
  }

  /** Ends an answer that cannot be completed; OpenAI's clients raise this as an error. */
  void failed(String message, String code) throws ClientGoneException {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", message);
    error.put("type", "server_error");
    error.put("param", null);
    error.put("code", code);
    send(Map.of("error", error));
  }

  /** Whether anything was sent, so that the status can no longer say that something failed. */
  boolean hasBegun() {
    return begun;
  }

  private void open(int choice) throws ClientGoneException {
    if (opened.add(choice)) {
      Optional<Map<String, Object>> opening = format.openingChunk(head, choice);
      if (opening.isPresent()) {
        piece(opening.get());
      }
    }
  }

  private void piece(Map<String, Object> body) throws ClientGoneException {
    if (includeUsage) {
      body.put("usage", null);
    }
    send(body);
  }

  private void send(Map<String, Object> body) throws ClientGoneException {
    begun = true;
    writer.event(JSON.writeValueAsString(body));
  }
}
