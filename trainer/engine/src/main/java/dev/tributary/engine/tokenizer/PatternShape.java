package dev.tributary.engine.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * A conservative look at a regular expression: a group that repeats without bound must not itself
 * hold something that varies ({@code (a+)+}, {@code (a?)*}, {@code (a|aa)+}), since such patterns
 * can take exponential time. The split patterns of the GPT-2, Llama 3, Qwen and o200k tokenizers
 * pass.
 */
final class PatternShape {

  private static final int MAX_LENGTH = 4_096;
  private static final int MAX_DEPTH = 16;

  private final String pattern;
  private final Deque<Boolean> varies = new ArrayDeque<>();
  private int at;

  private PatternShape(String pattern) {
    this.pattern = pattern;
  }

  /** What speaks against the pattern, or empty. */
  static Optional<String> complaint(String pattern) {
    if (pattern.length() > MAX_LENGTH) {
      return Optional.of("longer than %d characters".formatted(MAX_LENGTH));
    }
    return new PatternShape(pattern).scan();
  }

  private Optional<String> scan() {
    varies.push(false);
    while (at < pattern.length()) {
      char c = pattern.charAt(at++);
      switch (c) {
        case '\\' -> {
          if (at < pattern.length() && Character.isDigit(pattern.charAt(at))) {
            return Optional.of("back references are not supported");
          }
          at++;
        }
        case '[' -> skipClass();
        case '(' -> {
          if (varies.size() > MAX_DEPTH) {
            return Optional.of("groups nested deeper than %d".formatted(MAX_DEPTH));
          }
          skipGroupHead();
          varies.push(false);
        }
        case ')' -> {
          if (varies.size() == 1) {
            return Optional.of("unbalanced ')'");
          }
          boolean inner = varies.pop();
          boolean repeated = quantifier(true);
          if (inner && repeated) {
            return Optional.of("nested quantifiers can take exponential time");
          }
          if (inner) {
            note();
          }
        }
        case '|', '+', '*', '?' -> note();
        case '{' -> {
          at--;
          quantifier(false);
        }
        default -> {}
      }
    }
    return varies.size() == 1 ? Optional.empty() : Optional.of("unbalanced '('");
  }

  private void note() {
    varies.pop();
    varies.push(true);
  }

  /** Reads a quantifier at this place, if there is one; true if it repeats more than once. */
  private boolean quantifier(boolean afterGroup) {
    if (at >= pattern.length()) {
      return false;
    }
    char c = pattern.charAt(at);
    boolean repeats = c == '+' || c == '*';
    if (c == '{') {
      int end = pattern.indexOf('}', at);
      String inside = end < 0 ? "" : pattern.substring(at + 1, end);
      if (!inside.matches("\\d+(,\\d*)?")) {
        at++;
        return false;
      }
      at = end + 1;
      if (inside.contains(",")) {
        note();
      }
      return !inside.equals("1") && !inside.equals("0,1");
    }
    if (repeats || c == '?') {
      at++;
      if (afterGroup) {
        note();
      }
    }
    return repeats;
  }

  private void skipClass() {
    int depth = 1;
    if (at < pattern.length() && pattern.charAt(at) == '^') {
      at++;
    }
    if (at < pattern.length() && pattern.charAt(at) == ']') {
      at++;
    }
    while (at < pattern.length() && depth > 0) {
      char c = pattern.charAt(at++);
      if (c == '\\') {
        at++;
      } else if (c == '[') {
        depth++;
      } else if (c == ']') {
        depth--;
      }
    }
  }

  /**
   * The {@code ?:}, {@code ?!}, {@code ?i:} or {@code ?<name>} after a bracket: its question mark
   * is no quantifier.
   */
  private void skipGroupHead() {
    if (at < pattern.length() && pattern.charAt(at) == '?') {
      at++;
      while (at < pattern.length() && ":=!>)".indexOf(pattern.charAt(at)) < 0) {
        at++;
      }
      if (at < pattern.length() && pattern.charAt(at) != ')') {
        at++;
      }
    }
  }
}
