package dev.tributary.evaluator.serve.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tokens of one answer.
 *
 * @param prompt of all its prompts, each counted once
 * @param completion of all its choices
 */
record Usage(int prompt, int completion) {

  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("prompt_tokens", prompt);
    body.put("completion_tokens", completion);
    body.put("total_tokens", prompt + completion);
    return body;
  }
}
