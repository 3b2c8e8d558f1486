package dev.tributary.trainer.learn;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.recall.UserTurn;
import dev.tributary.trainer.pack.TrainingItem;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Asks a question a little differently, in any language: with the first words of one remembered
 * question before it and the last words of another one behind it. People begin and end what they
 * ask in ways of their own, and an answer must not hang on that.
 */
public final class Variation {

  /** For learners without turns: everything stays as it is. */
  public static final Variation NONE = new Variation(new UserTurn(new int[0], new int[0]));

  /** Whole sentences, mostly: with five, answers hung on long closings that nobody was told. */
  private static final int MOST_TOKENS = 8;

  private final UserTurn turn;

  public Variation(UserTurn turn) {
    this.turn = turn;
  }

  /**
   * @param before lends its first words
   * @param behind lends its last words
   * @param draw a random number below its argument
   * @param maxTokens of an example
   * @return the same item if one of them is not a single user's turn, or it would get too long
   */
  TrainingItem of(
      TrainingItem item,
      TrainingItem before,
      TrainingItem behind,
      IntUnaryOperator draw,
      int maxTokens) {
    int most = draw.applyAsInt(MOST_TOKENS + 1);
    int least = draw.applyAsInt(MOST_TOKENS + 1);
    Optional<int[]> asked = said(item.tokens());
    Optional<int[]> head = said(before.tokens());
    Optional<int[]> tail = said(behind.tokens());
    if (asked.isEmpty() || head.isEmpty() || tail.isEmpty()) {
      return item;
    }
    int[] first = Arrays.copyOf(head.get(), Math.min(most, head.get().length));
    int[] last =
        Arrays.copyOfRange(tail.get(), Math.max(0, tail.get().length - least), tail.get().length);
    int[] prompt = joined(turn.begins(), first, asked.get(), last, turn.ends());
    int[] target = item.tokens().target();
    return prompt.length + target.length > maxTokens
        ? item
        : item.asking(TokenizedExample.completion(prompt, target));
  }

  /** What the user says in it. */
  private Optional<int[]> said(TokenizedExample tokens) {
    int[] prompt = tokens.prompt();
    int from = turn.begins().length;
    int to = prompt.length - turn.ends().length;
    boolean isOneTurn =
        from > 0
            && from < to
            && Arrays.equals(prompt, 0, from, turn.begins(), 0, from)
            && Arrays.equals(prompt, to, prompt.length, turn.ends(), 0, turn.ends().length);
    return isOneTurn ? Optional.of(Arrays.copyOfRange(prompt, from, to)) : Optional.empty();
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
  }
}
