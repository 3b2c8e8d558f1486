package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The {@code prompt} of {@code /v1/completions}: a string, an array of strings, an array of token
 * ids, or an array of such arrays. No template is put around it but the token that begins every
 * text of some models; arrays of ids are taken as they are.
 */
final class RawPromptReader implements PromptReader {

  private final Tokenizer tokenizer;

  RawPromptReader(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  @Override
  public String parameter() {
    return "prompt";
  }

  @Override
  public List<Prompt> read(Parameters parameters) {
    parameters.refuseUnlessNeutral("suffix", "echo");
    parameters.integer("best_of", 1, 1);
    JsonNode prompt = parameters.required("prompt");
    String pointer = parameters.pointer("prompt");
    if (!prompt.isArray() || isTokens(prompt)) {
      return List.of(one(prompt, pointer));
    }
    if (prompt.isEmpty() || prompt.size() > Sampling.MAX_CHOICES) {
      throw OpenAiErrors.invalid(
          pointer, "prompt must hold 1 to %d prompts".formatted(Sampling.MAX_CHOICES));
    }
    List<Prompt> prompts = new ArrayList<>();
    for (int i = 0; i < prompt.size(); i++) {
      prompts.add(one(prompt.get(i), pointer + "/" + i));
    }
    return prompts;
  }

  private Prompt one(JsonNode prompt, String pointer) {
    if (prompt.isString()) {
      int[] tokens = tokenizer.encodePrompt(prompt.asString());
      requireNotEmpty(tokens, pointer);
      return new Prompt(tokens, List.of(), Optional.of(prompt.asString()));
    }
    if (prompt.isArray() && isTokens(prompt)) {
      int[] tokens = new int[prompt.size()];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = token(prompt.get(i), pointer + "/" + i);
      }
      return new Prompt(tokens, List.of(), Optional.of(tokenizer.decode(tokens)));
    }
    throw OpenAiErrors.invalid(pointer, "a prompt must be a string or an array of token ids");
  }

  private int token(JsonNode id, String pointer) {
    if (!id.canConvertToInt() || id.asInt() < 0 || id.asInt() >= tokenizer.vocabularySize()) {
      throw OpenAiErrors.invalid(
          pointer, "a token id must be from 0 to %d".formatted(tokenizer.vocabularySize() - 1));
    }
    return id.asInt();
  }

  private static void requireNotEmpty(int[] tokens, String pointer) {
    if (tokens.length == 0) {
      throw OpenAiErrors.invalid(pointer, "a prompt must not be empty");
    }
  }

  private static boolean isTokens(JsonNode array) {
    return !array.isEmpty() && array.get(0).isIntegralNumber();
  }
}
