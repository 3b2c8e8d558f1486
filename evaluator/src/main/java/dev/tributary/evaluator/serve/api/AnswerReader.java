package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.generate.AnswerEvent;
import dev.tributary.evaluator.serve.generate.PendingAnswer;
import dev.tributary.evaluator.serve.metrics.RequestTiming;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.ClientGoneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Follows an answer from its worker to its client. Whatever ends the reading early also ends the
 * answer.
 */
final class AnswerReader {

  private static final Duration IDLE = Duration.ofSeconds(5);

  private final PendingAnswer answer;
  private final Duration limit;
  private final RequestTiming timing;
  private final Map<Integer, StringBuilder> texts = new TreeMap<>();
  private final List<Choice> choices = new ArrayList<>();

  /**
   * @param limit how long the whole answer may take, waiting for a worker included
   */
  AnswerReader(PendingAnswer answer, Duration limit, RequestTiming timing) {
    this.answer = answer;
    this.limit = limit;
    this.timing = timing;
  }

  /**
   * Reads to the end.
   *
   * @return all choices, in order
   * @throws ClientGoneException from the sink
   * @throws RetriableException if the answer takes too long, or the server stops
   */
  List<Choice> read(AnswerSink sink) throws ClientGoneException {
    boolean complete = false;
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (!complete) {
        Optional<AnswerEvent> event = next(deadline);
        if (event.isEmpty()) {
          sink.idle();
        } else {
          complete = take(event.get(), sink);
        }
      }
      return choices;
    } finally {
      if (!complete) {
        answer.cancel();
      }
    }
  }

  private Optional<AnswerEvent> next(long deadline) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      throw new RetriableException(
          "the answer took longer than %d s; send the request again later"
              .formatted(limit.toSeconds()));
    }
    try {
      return answer.next(left.compareTo(IDLE) < 0 ? left : IDLE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RetriableException("the server is stopping", e);
    }
  }

  /** True when this was the last event. */
  private boolean take(AnswerEvent event, AnswerSink sink) throws ClientGoneException {
    switch (event) {
      case AnswerEvent.Text text -> {
        timing.token();
        texts.computeIfAbsent(text.choice(), c -> new StringBuilder()).append(text.text());
        sink.text(text.choice(), text.text());
      }
      case AnswerEvent.ChoiceDone done -> {
        timing.token();
        StringBuilder text = texts.getOrDefault(done.choice(), new StringBuilder());
        choices.add(new Choice(done.choice(), text.toString(), done.reason(), done.tokens()));
        sink.choiceDone(done.choice(), done.reason());
      }
      case AnswerEvent.Done done -> {
        return true;
      }
      case AnswerEvent.Failed failed -> throw failed.cause();
    }
    return false;
  }
}
