package dev.tributary.evaluator.serve.api;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.serve.metrics.Operation;

/**
 * What differs between the two generation routes.
 *
 * @param operation its name in metrics
 * @param prompts reads what is asked
 * @param format writes what is answered
 * @param defaultMaxTokens of one choice, where the request says nothing
 */
record Dialect(
    Operation operation, PromptReader prompts, AnswerFormat format, int defaultMaxTokens) {

  /** OpenAI's default for raw completions; chat answers may fill the context. */
  private static final int RAW_DEFAULT_MAX_TOKENS = 16;

  static Dialect chat(ExampleEncoder encoder) {
    return new Dialect(
        Operation.CHAT, new ChatPromptReader(encoder), new ChatFormat(), Integer.MAX_VALUE);
  }

  static Dialect completion(Tokenizer tokenizer) {
    return new Dialect(
        Operation.TEXT_COMPLETION,
        new RawPromptReader(tokenizer),
        new CompletionFormat(),
        RAW_DEFAULT_MAX_TOKENS);
  }
}
