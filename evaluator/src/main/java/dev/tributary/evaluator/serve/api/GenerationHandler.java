package dev.tributary.evaluator.serve.api;

import dev.tributary.evaluator.serve.metrics.RequestTiming;
import dev.tributary.evaluator.serve.metrics.ServeMetrics;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.platform.http.ClientGoneException;
import dev.tributary.platform.http.Handler;
import dev.tributary.platform.http.HttpException;
import dev.tributary.platform.http.Request;
import dev.tributary.platform.http.Response;
import dev.tributary.platform.http.StreamWriter;
import java.time.Duration;
import java.util.List;

/** {@code POST /v1/chat/completions} and {@code /v1/completions}: let in, answer, record, time. */
final class GenerationHandler implements Handler {

  private static final String EVENT_STREAM = "text/event-stream; charset=utf-8";

  private final Dialect dialect;
  private final Admission admission;
  private final AnswerLog log;
  private final ServeMetrics metrics;
  private final Duration limit;

  /**
   * @param limit how long one answer may take, waiting for a worker included
   */
  GenerationHandler(
      Dialect dialect, Admission admission, AnswerLog log, ServeMetrics metrics, Duration limit) {
    this.dialect = dialect;
    this.admission = admission;
    this.log = log;
    this.metrics = metrics;
    this.limit = limit;
  }

  @Override
  public Response handle(Request http) throws ClientGoneException {
    RequestTiming timing = metrics.request(dialect.operation());
    try {
      log.requireRoom();
      Admitted admitted = admission.admit(http, timing);
      if (admitted.request().streaming().stream()) {
        return Response.stream(EVENT_STREAM, writer -> stream(admitted, timing, writer));
      }
      List<Choice> choices = answer(admitted, timing, AnswerSink.NONE);
      return Response.json(
          200, dialect.format().whole(admitted.head(), choices, usage(admitted, choices)));
    } catch (HttpException e) {
      timing.failed(e.code());
      throw e;
    } catch (RuntimeException e) {
      timing.failed(code(e));
      throw e;
    }
  }

  private void stream(Admitted admitted, RequestTiming timing, StreamWriter writer)
      throws ClientGoneException {
    EventStream events =
        new EventStream(
            writer,
            dialect.format(),
            admitted.head(),
            admitted.request().streaming().includeUsage());
    try {
      List<Choice> choices = answer(admitted, timing, events);
      events.done(usage(admitted, choices));
    } catch (ClientGoneException e) {
      timing.failed("client_gone");
      throw e;
    } catch (RuntimeException e) {
      timing.failed(code(e));
      if (!events.hasBegun()) {
        throw e;
      }
      // Messages of our own errors are for the client; those of others may say too much.
      String message =
          e instanceof RetriableException ? e.getMessage() : "the answer cannot be completed";
      events.failed(message, code(e));
    }
  }

  private List<Choice> answer(Admitted admitted, RequestTiming timing, AnswerSink sink)
      throws ClientGoneException {
    List<Choice> choices = new AnswerReader(admitted.answer(), limit, timing).read(sink);
    Usage usage = usage(admitted, choices);
    timing.done(usage.prompt(), usage.completion());
    log.record(admitted, choices);
    return choices;
  }

  private static Usage usage(Admitted admitted, List<Choice> choices) {
    return new Usage(
        admitted.request().promptTokens(), choices.stream().mapToInt(Choice::tokens).sum());
  }

  private static String code(RuntimeException error) {
    return error instanceof RetriableException ? "unavailable" : "internal_error";
  }
}
