package dev.tributary.evaluator.serve.api;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/**
 * How an answer is drawn, as both generation routes ask for it.
 *
 * @param maxTokens most tokens of one choice; empty for the route's default
 * @param temperature 0 (greedy) to 2; empty for the model's own
 * @param topP above 0, to 1; empty for the model's own
 * @param choices 1 to 8
 * @param stops at most four strings that end the answer
 * @param seed makes the draw repeatable on the same version
 */
record Sampling(
    OptionalInt maxTokens,
    OptionalDouble temperature,
    OptionalDouble topP,
    int choices,
    List<String> stops,
    OptionalLong seed) {

  static final int MAX_CHOICES = 8;
  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_LENGTH = 256;

  static Sampling read(Parameters parameters) {
    parameters.refuseUnlessNeutral(
        "presence_penalty", "frequency_penalty", "logit_bias", "logprobs");
    return new Sampling(
        maxTokens(parameters),
        parameters.number("temperature", 0, 2),
        topP(parameters.number("top_p", 0, 1)),
        parameters.integer("n", 1, MAX_CHOICES).orElse(1),
        stops(parameters),
        parameters.longInteger("seed"));
  }

  /** 0 keeps what is always kept: the likeliest token. */
  private static OptionalDouble topP(OptionalDouble asked) {
    return asked.isPresent()
        ? OptionalDouble.of(Math.max(Double.MIN_VALUE, asked.getAsDouble()))
        : asked;
  }

  /** The newer name wins, as in OpenAI's interface; both are checked. */
  private static OptionalInt maxTokens(Parameters parameters) {
    OptionalInt older = parameters.integer("max_tokens", 1, Integer.MAX_VALUE);
    OptionalInt newer = parameters.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    return newer.isPresent() ? newer : older;
  }

  private static List<String> stops(Parameters parameters) {
    List<String> stops = new ArrayList<>();
    parameters
        .node("stop")
        .ifPresent(
            value -> {
              if (value.isString()) {
                stops.add(checkedStop(parameters, value));
              } else if (value.isArray() && value.size() <= MAX_STOPS) {
                value.forEach(stop -> stops.add(checkedStop(parameters, stop)));
              } else {
                throw badStop(parameters);
              }
            });
    return List.copyOf(stops);
  }

  private static String checkedStop(Parameters parameters, JsonNode stop) {
    if (!stop.isString()
        || stop.asString().isEmpty()
        || stop.asString().length() > MAX_STOP_LENGTH) {
      throw badStop(parameters);
    }
    return stop.asString();
  }

  private static RuntimeException badStop(Parameters parameters) {
    return OpenAiErrors.invalid(
        parameters.pointer("stop"),
        "stop must be a string or an array of at most %d strings, each of 1 to %d characters"
            .formatted(MAX_STOPS, MAX_STOP_LENGTH));
  }
}
