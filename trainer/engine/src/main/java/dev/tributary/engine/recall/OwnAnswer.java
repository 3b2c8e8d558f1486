package dev.tributary.engine.recall;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.TokenizedExample;
import java.util.List;

/**
 * A question a base model made up, and its answer.
 *
 * @param question the user's turn
 * @param answer the greedy answer
 * @param tokens both as training and scoring see them, the answer supervised
 */
public record OwnAnswer(String question, String answer, TokenizedExample tokens) {

  static OwnAnswer of(ExampleEncoder encoder, String question, String answer) {
    return new OwnAnswer(
        question, answer, encoder.chat(List.of(ChatMessage.user(question)), answer).example());
  }
}
