package dev.tributary.app.bench.told;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sentences out of patterns: {@code (a|b)} is one of these, {@code {name}} a value of a list. */
final class Phrases {

  private static final Pattern CHOICE = Pattern.compile("\\(([^()]*)\\)");
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)\\}");

  private Phrases() {}

  /** Every sentence a pattern with choices stands for, the first choices first. */
  static List<String> all(String pattern) {
    Matcher choice = CHOICE.matcher(pattern);
    if (!choice.find()) {
      return List.of(pattern.replaceAll(" +([?.,]|$)", "$1").replaceAll(" {2,}", " ").strip());
    }
    List<String> sentences = new ArrayList<>();
    for (String chosen : choice.group(1).split("\\|", -1)) {
      sentences.addAll(
          all(pattern.substring(0, choice.start()) + chosen + pattern.substring(choice.end())));
    }
    return sentences;
  }

  /** The pattern with its names filled at random; no value of a list twice. */
  static String filled(String pattern, Map<String, List<String>> values, Random random) {
    Map<String, List<String>> left = new HashMap<>();
    String filled =
        NAME.matcher(pattern)
            .replaceAll(
                name ->
                    Matcher.quoteReplacement(
                        left.computeIfAbsent(name.group(1), list -> shuffled(values, list, random))
                            .removeLast()));
    return filled.substring(0, 1).toUpperCase(Locale.ROOT) + filled.substring(1);
  }

  private static List<String> shuffled(
      Map<String, List<String>> values, String list, Random random) {
    if (!values.containsKey(list)) {
      throw new IllegalArgumentException("no values for {" + list + "}");
    }
    List<String> order = new ArrayList<>(values.get(list));
    Collections.shuffle(order, random);
    return order;
  }
}
