package dev.tributary.foundation.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody probably meant by a name that does not exist. */
public final class NearestName {

  private NearestName() {}

  /**
   * The known name with the fewest edits (Levenshtein) from the unknown one, if those are few
   * enough to be a slip: at most a third of its length, and at least one always. Ties go to the
   * name that sorts first.
   */
  public static Optional<String> of(String unknown, Collection<String> known) {
    int limit = Math.max(1, (Math.min(unknown.length(), 64) + 2) / 3);
    return known.stream()
        .filter(name -> Math.abs(name.length() - unknown.length()) <= limit)
        .map(name -> new Candidate(name, edits(unknown, name)))
        .filter(candidate -> candidate.edits <= limit)
        .min(Comparator.comparingInt(Candidate::edits).thenComparing(Candidate::name))
        .map(Candidate::name);
  }

  private record Candidate(String name, int edits) {}

  private static int edits(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      above[column] = column;
    }
    for (int row = 1; row <= from.length(); row++) {
      int[] current = new int[to.length() + 1];
      current[0] = row;
      for (int column = 1; column <= to.length(); column++) {
        int replace = above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
        current[column] = Math.min(replace, 1 + Math.min(above[column], current[column - 1]));
      }
      above = current;
    }
    return above[to.length()];
  }
}
