package dev.tributary.evaluator.serve.api;

import dev.tributary.platform.http.FieldError;
import dev.tributary.platform.http.HttpException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The refusals of the OpenAI routes, by the codes OpenAI's clients know. On these paths the server
 * writes them as {@code {"error":{message,type,param,code}}}.
 */
final class OpenAiErrors {

  private OpenAiErrors() {}

  /** 400: a member of the request that is wrong by itself. */
  static HttpException invalid(String pointer, String message) {
    return badRequest("invalid_value", pointer, message);
  }

  /** 400: a member that must be there. */
  static HttpException missing(String pointer, String message) {
    return badRequest("missing_required_parameter", pointer, message);
  }

  /** 400: a member nobody here knows. */
  static HttpException unknown(String pointer, String message) {
    return badRequest("unknown_parameter", pointer, message);
  }

  /** 400: a member OpenAI knows, and that would change the answer in a way this server cannot. */
  static HttpException unsupported(String pointer, String message) {
    return badRequest("unsupported_parameter", pointer, message);
  }

  /** 400: the prompt leaves no room for an answer. */
  static HttpException contextLength(String pointer, int context, int prompt) {
    return badRequest(
        "context_length_exceeded",
        pointer,
        ("this model's context is %d tokens and the prompt has %d, which leaves no room for an"
                + " answer; shorten it")
            .formatted(context, prompt));
  }

  /** 404: a model that does not exist, or not any more. */
  static HttpException modelNotFound(String model) {
    String shown = model.length() <= 80 ? model : model.substring(0, 80) + "…";
    String message =
        "the model '%s' does not exist here; GET /v1/models lists those that do".formatted(shown);
    return new HttpException(
        404, "model_not_found", message, List.of(new FieldError("/model", message)), Map.of());
  }

  /** 429: the waiting line is full. */
  static HttpException queueFull(int waiting, Duration retryAfter) {
    return HttpException.tooManyRequests(
        "%d requests are waiting already; send this one again later".formatted(waiting),
        retryAfter);
  }

  private static HttpException badRequest(String code, String pointer, String message) {
    return new HttpException(
        400, code, message, List.of(new FieldError(pointer, message)), Map.of());
  }
}
