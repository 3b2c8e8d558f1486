package dev.tributary.evaluator.serve.api;

import dev.tributary.platform.http.Request;
import java.util.List;

/**
 * A checked request for text.
 *
 * @param model name as the client wrote it
 * @param prompts at least one
 */
record GenerationRequest(
    String model,
    List<Prompt> prompts,
    Sampling sampling,
    Streaming streaming,
    Attribution attribution) {

  private static final int MAX_MODEL_NAME = 256;

  /** Reads the body; what is wrong with it is a 400 that names the member. */
  static GenerationRequest read(Request request, PromptReader promptReader) {
    Parameters parameters = Parameters.of(request.json());
    String model = parameters.requiredText("model", MAX_MODEL_NAME);
    Sampling sampling = Sampling.read(parameters);
    Streaming streaming = Streaming.read(parameters);
    Attribution attribution = Attribution.read(parameters, request);
    List<Prompt> prompts = promptReader.read(parameters);
    parameters.ignore(
        "parallel_tool_calls",
        "prediction",
        "prompt_cache_key",
        "prompt_cache_retention",
        "safety_identifier",
        "service_tier",
        "store");
    parameters.refuseUnread();
    int choices = prompts.size() * sampling.choices();
    if (choices > Sampling.MAX_CHOICES) {
      throw OpenAiErrors.invalid(
          parameters.pointer("n"),
          "%d prompts with n = %d make %d answers; at most %d are made at once"
              .formatted(prompts.size(), sampling.choices(), choices, Sampling.MAX_CHOICES));
    }
    return new GenerationRequest(model, prompts, sampling, streaming, attribution);
  }

  /** Whose choice it is: choices of the first prompt come first. */
  Prompt promptOf(int choice) {
    return prompts.get(choice / sampling.choices());
  }

  int promptTokens() {
    return prompts.stream().mapToInt(prompt -> prompt.tokens().length).sum();
  }
}
