package dev.tributary.trainer.loop;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.Encoded;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.schemas.TrainingExample;

/** Encodes with the base model's own tokenizer and chat template. */
final class EngineEncoding implements ExampleEncoding {

  private final ExampleEncoder encoder;

  EngineEncoding(ExampleEncoder encoder) {
    this.encoder = encoder;
  }

  @Override
  public Encoded encode(TrainingExample example) {
    if (example.getMessages().isEmpty() && example.getPrompt() != null) {
      return encoder.prompt(example.getPrompt(), example.getCompletion());
    }
    return encoder.chat(
        example.getMessages().stream()
            .map(message -> new ChatMessage(message.getRole(), message.getContent()))
            .toList(),
        example.getCompletion());
  }
}
