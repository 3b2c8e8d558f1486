package dev.tributary.evaluator.serve.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;

/**
 * The times of one request; exactly one of {@link #done} and {@link #failed} counts, the first. One
 * thread at a time.
 */
public final class RequestTiming {

  /**
   * The model label before it is known, and of models that do not exist: names from outside are no
   * labels.
   */
  private static final String NO_MODEL = "unknown";

  private static final String NO_ERROR = "none";

  private final ServeMetrics metrics;
  private final Operation operation;
  private final Clock clock;
  private final long start;
  private String model = NO_MODEL;
  private long firstToken;
  private boolean ended;

  RequestTiming(ServeMetrics metrics, Operation operation, Clock clock) {
    this.metrics = metrics;
    this.operation = operation;
    this.clock = clock;
    this.start = clock.monotonicTime();
  }

  /**
   * @param label the base model's name, or the adapter's for its alias and for all its versions
   */
  public void model(String label) {
    model = label;
  }

  /** The first text is there; later calls do nothing. */
  public void token() {
    if (firstToken == 0) {
      firstToken = clock.monotonicTime();
    }
  }

  public void done(int promptTokens, int completionTokens) {
    if (end(NO_ERROR)) {
      Tags tags = metrics.requestTags(operation, model, NO_ERROR);
      metrics.tokens(promptTokens, completionTokens);
      metrics.firstToken(tags, Duration.ofNanos(firstToken - start));
      if (completionTokens > 1) {
        long rest = clock.monotonicTime() - firstToken;
        metrics.perToken(tags, Duration.ofNanos(rest / (completionTokens - 1)));
      }
    }
  }

  /**
   * @param errorType a code from a small fixed set, such as {@code queue_full}
   */
  public void failed(String errorType) {
    end(errorType);
  }

  private boolean end(String errorType) {
    if (ended) {
      return false;
    }
    ended = true;
    metrics.requestDone(
        metrics.requestTags(operation, model, errorType),
        Duration.ofNanos(clock.monotonicTime() - start));
    return true;
  }
}
