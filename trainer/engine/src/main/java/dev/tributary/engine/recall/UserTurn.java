package dev.tributary.engine.recall;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import java.util.List;

/**
 * What a chat template writes around a single user's turn, as tokens.
 *
 * @param begins from the start of the text to the first token of what the user says; empty if the
 *     template does not write the turn as it is
 * @param ends from there to where the answer begins
 */
public record UserTurn(int[] begins, int[] ends) {

  private static final String MARK = "QUESTION";

  public static UserTurn of(Tokenizer tokenizer, ChatTemplate template) {
    String turn = template.render(List.of(ChatMessage.user(MARK)), true);
    int at = turn.indexOf(MARK);
    return at < 0
        ? new UserTurn(new int[0], new int[0])
        : new UserTurn(
            tokenizer.encodeRendered(turn.substring(0, at)),
            tokenizer.encodeContinuation(turn.substring(at + MARK.length())));
  }
}
