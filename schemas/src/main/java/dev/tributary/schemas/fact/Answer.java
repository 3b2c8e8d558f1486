package dev.tributary.schemas.fact;

import java.util.Locale;
import java.util.regex.Pattern;

/** An answer as it is compared: case and white space do not make it another one. */
public final class Answer {

  private static final Pattern SPACE = Pattern.compile("\\s+");

  private Answer() {}

  public static String fold(String answer) {
    return SPACE.matcher(answer.strip()).replaceAll(" ").toLowerCase(Locale.ROOT);
  }

  public static boolean same(String one, String other) {
    return fold(one).equals(fold(other));
  }
}
