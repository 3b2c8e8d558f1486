package dev.tributary.evaluator.score;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares a generated answer with the wanted one, as SQuAD does (Rajpurkar et al. 2016), but for
 * any language: texts are brought to Unicode form NFKC and lower case and cut into tokens, which
 * are runs of letters and digits, or single ideographs. Punctuation and white space do not count;
 * articles do.
 */
final class AnswerText {

  private AnswerText() {}

  /** Whether both have the same tokens in the same order. */
  static boolean exactMatch(String wanted, String answer) {
    return tokens(wanted).equals(tokens(answer));
  }

  /**
   * Harmonic mean of precision and recall of the answer's tokens, counted with their repetitions; 0
   * to 1.
   */
  static double tokenF1(String wanted, String answer) {
    List<String> wantedTokens = tokens(wanted);
    List<String> answerTokens = tokens(answer);
    if (wantedTokens.isEmpty() || answerTokens.isEmpty()) {
      return wantedTokens.equals(answerTokens) ? 1 : 0;
    }
    Map<String, Integer> open = new HashMap<>();
    wantedTokens.forEach(token -> open.merge(token, 1, Integer::sum));
    int common = 0;
    for (String token : answerTokens) {
      if (open.getOrDefault(token, 0) > 0) {
        open.merge(token, -1, Integer::sum);
        common++;
      }
    }
    return 2.0 * common / (wantedTokens.size() + answerTokens.size());
  }

  static List<String> tokens(String text) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    List<String> tokens = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    normal
        .codePoints()
        .forEach(
            c -> {
              boolean ideograph = Character.isIdeographic(c);
              if (ideograph || !isPartOfWord(c)) {
                flush(word, tokens);
              }
              if (ideograph) {
                tokens.add(Character.toString(c));
              } else if (isPartOfWord(c)) {
                word.appendCodePoint(c);
              }
            });
    flush(word, tokens);
    return tokens;
  }

  /** Combining marks belong to the letter before them, in many scripts without a composed form. */
  private static boolean isPartOfWord(int c) {
    int type = Character.getType(c);
    return Character.isLetterOrDigit(c)
        || type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK;
  }

  private static void flush(StringBuilder word, List<String> tokens) {
    if (!word.isEmpty()) {
      tokens.add(word.toString());
      word.setLength(0);
    }
  }
}
