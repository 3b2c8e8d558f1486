package dev.tributary.evaluator.score;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.schemas.TrainingExample;
import java.util.List;
import java.util.Optional;

/** Turns records of a suite into tokens, exactly as training does. Safe for any thread. */
final class RecordEncoder {

  private final ExampleEncoder encoder;
  private final Tokenizer tokenizer;

  RecordEncoder(ExampleEncoder encoder, Tokenizer tokenizer) {
    this.encoder = encoder;
    this.tokenizer = tokenizer;
  }

  /** Prompt and answer with the answer supervised; empty when no supervised token is left of it. */
  Optional<TokenizedExample> encode(SuiteRecord record) {
    TrainingExample example = record.example();
    try {
      TokenizedExample tokens =
          example.getMessages().isEmpty()
              ? encoder.prompt(rawPrompt(example), example.getCompletion()).example()
              : encoder.chat(messages(example), example.getCompletion()).example();
      return tokens.supervisedCount() == 0 ? Optional.empty() : Optional.of(tokens);
    } catch (BadRecordException e) {
      return Optional.empty();
    }
  }

  /** The prompt alone, ready for an answer to be generated. */
  int[] prompt(SuiteRecord record) {
    TrainingExample example = record.example();
    return example.getMessages().isEmpty()
        ? tokenizer.encodePrompt(rawPrompt(example))
        : encoder.chatPrompt(messages(example));
  }

  int contextLength() {
    return encoder.contextLength();
  }

  private static String rawPrompt(TrainingExample example) {
    return example.getPrompt() == null ? "" : example.getPrompt();
  }

  private static List<ChatMessage> messages(TrainingExample example) {
    return example.getMessages().stream()
        .map(message -> new ChatMessage(message.getRole(), message.getContent()))
        .toList();
  }
}
