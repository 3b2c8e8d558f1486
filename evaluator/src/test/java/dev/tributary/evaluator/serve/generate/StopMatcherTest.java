package dev.tributary.evaluator.serve.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StopMatcherTest {

  static LongStream seeds() {
    return LongStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void endsWhereTheNaiveSearchEndsHoweverTheTextIsCut(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      endsWhereTheNaiveSearchEnds(random);
    }
  }

  private static void endsWhereTheNaiveSearchEnds(Random random) {
    // given a text over a tiny alphabet, so that stop strings and their beginnings are frequent
    String text = randomText(random, random.nextInt(40));
    List<String> stops =
        IntStream.range(0, random.nextInt(5))
            .mapToObj(i -> randomText(random, 1 + random.nextInt(5)))
            .toList();

    // when it arrives in random pieces
    StopMatcher matcher = new StopMatcher(stops);
    StringBuilder answer = new StringBuilder();
    for (String piece : randomPieces(random, text)) {
      answer.append(matcher.push(piece));
      assertTrue(
          naive(text, stops).startsWith(answer.toString()),
          () -> "leaked '%s' of '%s' with stops %s".formatted(answer, text, stops));
    }
    if (!matcher.matched()) {
      answer.append(matcher.finish());
    }

    // then
    assertEquals(naive(text, stops), answer.toString());
    assertEquals(stops.stream().anyMatch(text::contains), matcher.matched());
  }

  @Test
  void holdsBackOnlyWhatMayStillBecomeAStopString() {
    StopMatcher matcher = new StopMatcher(List.of("\nUser:"));

    assertEquals("Hello", matcher.push("Hello\nUs"));
    assertEquals("\nUsage", matcher.push("age"));
    assertEquals("", matcher.push("\nUser"));
    assertFalse(matcher.matched());
    assertEquals("", matcher.push(": and more"));
    assertTrue(matcher.matched());
  }

  @Test
  void neverSplitsACharacterOutsideTheBasicPlane() {
    StopMatcher matcher = new StopMatcher(List.of("😀😀"));

    assertEquals("a", matcher.push("a😀"));
    assertEquals("😀b", matcher.push("b"));
  }

  @Test
  void refusesAnEmptyStopString() {
    assertThrows(IllegalArgumentException.class, () -> new StopMatcher(List.of("a", "")));
  }

  /**
   * The whole text up to the earliest completed stop string; the longest of those completed there.
   */
  private static String naive(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String head = text.substring(0, end);
      int longest = stops.stream().filter(head::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return head.substring(0, end - longest);
      }
    }
    return text;
  }

  private static String randomText(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(3)));
    }
    return text.toString();
  }

  private static List<String> randomPieces(Random random, String text) {
    List<String> pieces = new ArrayList<>();
    int from = 0;
    while (from < text.length()) {
      int to = Math.min(text.length(), from + random.nextInt(4));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }
}
