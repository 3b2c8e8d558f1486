package dev.tributary.app.demo.base;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills {@code {slots}} in sentences. */
final class Slots {

  private static final Pattern SLOT = Pattern.compile("\\{(\\w+)\\}");

  private final Map<String, List<String>> fillers;

  Slots(Map<String, List<String>> fillers) {
    this.fillers = fillers;
  }

  /** The sentence with each slot filled at random, and its first letter a capital. */
  String fill(String sentence, SplittableRandom random) {
    return capitalised(replace(sentence, slot -> pick(slot, random)));
  }

  /**
   * As {@link #fill}, but a slot gets the same filler wherever it occurs: for a question and its
   * answer.
   */
  String[] fillAlike(SplittableRandom random, String... sentences) {
    Map<String, String> chosen = new HashMap<>();
    String[] filled = new String[sentences.length];
    for (int i = 0; i < sentences.length; i++) {
      filled[i] =
          capitalised(
              replace(sentences[i], slot -> chosen.computeIfAbsent(slot, s -> pick(s, random))));
    }
    return filled;
  }

  private String pick(String slot, SplittableRandom random) {
    List<String> choices = fillers.get(slot);
    if (choices == null) {
      throw new IllegalArgumentException("no fillers for the slot {" + slot + "}");
    }
    return choices.get(random.nextInt(choices.size()));
  }

  private static String replace(String sentence, UnaryOperator<String> filler) {
    return SLOT.matcher(sentence)
        .replaceAll(match -> Matcher.quoteReplacement(filler.apply(match.group(1))));
  }

  private static String capitalised(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
