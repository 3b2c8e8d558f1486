package dev.tributary.engine.tokenizer;

import dev.tributary.engine.data.ChatMessage;
import java.nio.file.Path;
import java.util.List;

/** Renders a conversation to the text a model was trained on. */
public final class ChatTemplate {

  private ChatTemplate() {}

  public static ChatTemplate load(Path modelDirectory) {
    return new ChatTemplate();
  }

  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    throw new UnsupportedOperationException();
  }
}
