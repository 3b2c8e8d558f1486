package dev.tributary.schemas.fact;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.TrainingExample;
import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The question an example answers, as it is compared: case, punctuation, white space, system turns
 * and the form of the prompt do not make it another question.
 */
public final class Question {

  private static final Pattern NOT_WORD = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

  private Question() {}

  /** The words of the whole prompt but its system turns, in lower case with one space between. */
  public static String of(TrainingExample example) {
    return fold(
        example.getPrompt() != null
            ? example.getPrompt()
            : example.getMessages().stream()
                .filter(message -> !message.getRole().equals("system"))
                .map(ChatMessage::getContent)
                .collect(Collectors.joining(" ")));
  }

  /** The same of any text. */
  public static String fold(String text) {
    String folded = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    String words = NOT_WORD.matcher(folded).replaceAll(" ").strip();
    // A question of symbols alone would otherwise be the same as every other such question.
    return words.isEmpty() ? folded.strip() : words;
  }

  /** What was asked last, as it was written: for people to read. */
  public static String asAsked(TrainingExample example) {
    if (example.getPrompt() != null) {
      return example.getPrompt();
    }
    return example.getMessages().isEmpty() ? "" : example.getMessages().getLast().getContent();
  }
}
