package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TokenizedExampleTest {

  private final TokenizedExample told =
      TokenizedExample.completion(new int[] {1, 2, 3}, new int[] {4, 5});
  private final TokenizedExample corrected =
      TokenizedExample.completion(new int[] {6}, new int[] {7, 8, 9});

  @Test
  void promptOfTheOneGetsTheTargetOfTheOther() {
    assertEquals(
        TokenizedExample.completion(new int[] {1, 2, 3}, new int[] {7, 8, 9}),
        told.withTargetOf(corrected, 100));
    assertEquals(
        TokenizedExample.completion(new int[] {6}, new int[] {4, 5}),
        corrected.withTargetOf(told, 100));
  }

  @Test
  void tooLongPromptLosesItsBeginning() {
    assertEquals(
        TokenizedExample.completion(new int[] {2, 3}, new int[] {7, 8, 9}),
        told.withTargetOf(corrected, 5));
    assertEquals(4, told.withTargetOf(corrected, 4).length());
  }

  @Test
  void textWithoutAPromptIsAllTarget() {
    TokenizedExample text = TokenizedExample.text(new int[] {1, 2});
    assertEquals(
        TokenizedExample.completion(new int[] {6}, new int[] {1, 2}),
        corrected.withTargetOf(text, 100));
    assertEquals(
        TokenizedExample.completion(new int[0], new int[] {7, 8, 9}),
        text.withTargetOf(corrected, 100));
  }

  @Test
  void wordingWithItsOwnTargetIsItself() {
    assertEquals(told, told.withTargetOf(told, 100));
  }
}
