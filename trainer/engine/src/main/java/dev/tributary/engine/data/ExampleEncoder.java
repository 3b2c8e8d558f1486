package dev.tributary.engine.data;

import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Turns text into {@link TokenizedExample}s with the loss on the completion only.
 *
 * <p>Prompt and target are encoded apart, so the prompt's ids in training are exactly those in
 * generation. What is longer than the context is cut from the left of the prompt, because the
 * question stands at its end; only a target that alone is too long is cut itself, at its right.
 * Both are reported as {@link Encoded#truncated()}. Safe for concurrent use.
 */
public final class ExampleEncoder {

  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final int contextLength;

  /**
   * @param contextLength the most tokens an example may have, at least 2
   */
  public ExampleEncoder(Tokenizer tokenizer, ChatTemplate template, int contextLength) {
    if (contextLength < 2) {
      throw ConfigException.of("max_length", contextLength, "use at least 2 tokens");
    }
    this.tokenizer = tokenizer;
    this.template = template;
    this.contextLength = contextLength;
  }

  public int contextLength() {
    return contextLength;
  }

  /**
   * A conversation and the answer to learn.
   *
   * @throws BadRecordException {@code empty_completion}, or {@code empty_prompt} if there is no
   *     message
   */
  public Encoded chat(List<ChatMessage> prompt, String completion) {
    requireCompletion(completion);
    String before = template.render(guarded(prompt), true);
    List<ChatMessage> whole = new ArrayList<>(prompt);
    whole.add(ChatMessage.assistant(completion));
    String all = template.render(guarded(whole), false);
    // A template may write past turns differently from the current one (reasoning models do); then
    // the answer stands alone.
    int[] target =
        all.startsWith(before)
            ? tokenizer.encodeContinuation(all.substring(before.length()))
            : continuation(completion);
    return fit(tokenizer.encodeRendered(before), ended(target));
  }

  /**
   * A raw prompt, without any template but the token that begins every text of some models, and its
   * continuation.
   *
   * @throws BadRecordException {@code empty_completion}
   */
  public Encoded prompt(String rawPrompt, String completion) {
    requireCompletion(completion);
    return fit(tokenizer.encodePrompt(rawPrompt), ended(continuation(completion)));
  }

  /**
   * Plain text, every token supervised; cut at the right if too long.
   *
   * @throws BadRecordException {@code empty_completion} if the text is blank
   */
  public Encoded text(String text) {
    requireCompletion(text);
    int[] ids = tokenizer.begun(ended(tokenizer.encode(text)));
    boolean truncated = ids.length > contextLength;
    return new Encoded(
        TokenizedExample.text(truncated ? Arrays.copyOf(ids, contextLength) : ids), truncated);
  }

  /** The ids of a conversation up to where the assistant's answer begins. Not truncated. */
  public int[] chatPrompt(List<ChatMessage> messages) {
    return tokenizer.encodeRendered(template.render(guarded(messages), true));
  }

  private int[] continuation(String completion) {
    return tokenizer.encodeContinuation(tokenizer.guard(completion));
  }

  private Encoded fit(int[] prompt, int[] target) {
    int promptRoom = Math.max(1, contextLength - target.length);
    int[] keptPrompt =
        prompt.length <= promptRoom
            ? prompt
            : Arrays.copyOfRange(prompt, prompt.length - promptRoom, prompt.length);
    int targetRoom = contextLength - keptPrompt.length;
    int[] keptTarget = target.length <= targetRoom ? target : Arrays.copyOf(target, targetRoom);
    boolean truncated = keptPrompt.length < prompt.length || keptTarget.length < target.length;
    return new Encoded(TokenizedExample.completion(keptPrompt, keptTarget), truncated);
  }

  /** The target with the end token that stops generation, unless the template wrote one already. */
  private int[] ended(int[] target) {
    if (tokenizer.eosId().isEmpty()) {
      return target;
    }
    int eos = tokenizer.eosId().get();
    if (Arrays.stream(target).anyMatch(id -> id == eos)) {
      return target;
    }
    int[] longer = Arrays.copyOf(target, target.length + 1);
    longer[target.length] = eos;
    return longer;
  }

  /** The messages with whatever looks like a special token in them made harmless. */
  private List<ChatMessage> guarded(List<ChatMessage> messages) {
    if (messages.isEmpty()) {
      throw new BadRecordException(
          "empty_prompt", "messages: a conversation needs at least one message");
    }
    return messages.stream()
        .map(m -> new ChatMessage(tokenizer.guard(m.role()), tokenizer.guard(m.content())))
        .toList();
  }

  private static void requireCompletion(String completion) {
    if (completion == null || completion.isBlank()) {
      throw new BadRecordException(
          "empty_completion", "completion: there is nothing to learn from an empty answer");
    }
  }
}
