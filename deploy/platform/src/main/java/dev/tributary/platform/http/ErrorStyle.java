package dev.tributary.platform.http;

import java.util.List;

/**
 * The shape of error bodies: OpenAI's on OpenAI's paths, so that its clients understand them; RFC
 * 9457 everywhere else.
 */
enum ErrorStyle {
  PROBLEM,
  OPENAI;

  private static final List<String> OPENAI_PATHS =
      List.of("/v1/chat", "/v1/completions", "/v1/models", "/v1/files", "/v1/fine_tuning");

  static ErrorStyle of(String path) {
    return OPENAI_PATHS.stream()
            .anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"))
        ? OPENAI
        : PROBLEM;
  }
}
