package dev.tributary.evaluator.serve.generate;

import java.util.List;

/**
 * Ends a text at the first stop string, while the text is still arriving in pieces.
 *
 * <p>The text ends as soon as one stop string is complete; where several are complete at the same
 * character, the longest wins. So the result does not depend on how the text was cut into pieces.
 * What might still become a stop string is held back, so that not even a part of one is ever handed
 * out. One thread, one text.
 */
public final class StopMatcher {

  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean matched;

  /**
   * @param stops strings that end the text; may be empty, none of them may be
   */
  public StopMatcher(List<String> stops) {
    this.stops = List.copyOf(stops);
    if (this.stops.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("an empty stop string ends every text before it starts");
    }
  }

  /**
   * Takes the next piece of the text.
   *
   * @return the text that is now safe to hand out, possibly empty; nothing after a stop string was
   *     seen
   */
  public String push(String piece) {
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < piece.length() && !matched; i++) {
      held.append(piece.charAt(i));
      int stop = longestCompleteStop();
      if (stop > 0) {
        matched = true;
        held.setLength(held.length() - stop);
        release(held.length(), safe);
      } else {
        release(held.length() - longestPartialStop(), safe);
      }
    }
    return safe.toString();
  }

  /** Ends the text without a stop string: hands out what was held back. */
  public String finish() {
    StringBuilder safe = new StringBuilder();
    release(held.length(), safe);
    return safe.toString();
  }

  /** Whether a stop string ended the text. */
  public boolean matched() {
    return matched;
  }

  private void release(int length, StringBuilder safe) {
    safe.append(held, 0, length);
    held.delete(0, length);
  }

  private int longestCompleteStop() {
    int longest = 0;
    for (String stop : stops) {
      if (stop.length() > longest && heldEndsWith(stop, stop.length())) {
        longest = stop.length();
      }
    }
    return longest;
  }

  private int longestPartialStop() {
    int longest = 0;
    for (String stop : stops) {
      for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (heldEndsWith(stop, length)) {
          longest = length;
        }
      }
    }
    return longest;
  }

  private boolean heldEndsWith(String stop, int length) {
    int from = held.length() - length;
    if (from < 0) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (held.charAt(from + i) != stop.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
