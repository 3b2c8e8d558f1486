package dev.tributary.engine.tokenizer;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Renders a conversation to the text a model was trained on, by the Jinja template in {@code
 * chat_template.jinja} or {@code tokenizer_config.json}. A model without one gets the template of
 * the field's tutorials ({@link #TUTORIAL}).
 *
 * <p>A template is a stranger's program: it can load nothing, its work, output and time are
 * bounded, whatever it does not know is an error, and it must prove itself on a trial conversation
 * before the model is used. Messages are data and never read as template. Safe for concurrent use.
 */
public final class ChatTemplate {

  /**
   * {@code 指令} instruction, {@code 输出} output; an {@code 输入} (input) line may be part of the
   * instruction.
   */
  static final String TUTORIAL =
      """
      {%- for message in messages %}
      {%- if message['role'] == 'system' %}
      {{- message['content'] + '\\n' }}
      {%- elif message['role'] == 'assistant' %}
      {{- '输出: ' + message['content'] + eos_token + '\\n' }}
      {%- else %}
      {{- '指令: ' + message['content'] + '\\n' }}
      {%- endif %}
      {%- endfor %}
      {%- if add_generation_prompt %}
      {{- '输出: ' }}
      {%- endif %}
      """;

  private static final int MAX_CHARACTERS = 1 << 20;

  private static final List<ChatMessage> TRIAL =
      List.of(
          ChatMessage.user("Where is the shop?"),
          ChatMessage.assistant("At the market."),
          ChatMessage.user("Thank you."));

  private final JinjaRenderer renderer;
  private final Map<String, String> specialTokens;
  private final boolean tutorial;

  private ChatTemplate(
      JinjaRenderer renderer, Map<String, String> specialTokens, boolean tutorial) {
    this.renderer = renderer;
    this.specialTokens = specialTokens;
    this.tutorial = tutorial;
  }

  /**
   * @throws CorruptArtifactException if the template is too large, fails its trial, or is not
   *     readable
   */
  public static ChatTemplate load(Path modelDirectory) {
    Path jinja = modelDirectory.resolve("chat_template.jinja");
    Path config = modelDirectory.resolve("tokenizer_config.json");
    Optional<JsonNode> json = JsonFile.read(config).map(object -> object);
    Map<String, String> special = specialTokens(json);
    Optional<String> own =
        Files.exists(jinja) ? Optional.of(text(jinja)) : json.flatMap(ChatTemplate::embedded);
    Path source = Files.exists(jinja) ? jinja : config;
    if (own.isEmpty()) {
      return new ChatTemplate(new JinjaRenderer(TUTORIAL), special, true);
    }
    if (own.get().length() > MAX_CHARACTERS) {
      throw new CorruptArtifactException(
          source,
          "chat template of %d characters; at most %d are read"
              .formatted(own.get().length(), MAX_CHARACTERS));
    }
    ChatTemplate template = new ChatTemplate(new JinjaRenderer(own.get()), special, false);
    template.tryOut(source);
    return template;
  }

  private void tryOut(Path source) {
    try {
      render(TRIAL, true);
    } catch (BadRecordException e) {
      throw new CorruptArtifactException(
          source, "the chat template fails its trial: " + e.getMessage(), e);
    }
  }

  /**
   * The text of a conversation.
   *
   * @param addGenerationPrompt whether to end where the assistant's answer begins
   * @throws BadRecordException {@code template_error} if the template refuses the messages (an
   *     unknown role, a missing turn)
   */
  public String render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    Map<String, Object> variables = new HashMap<>(specialTokens);
    variables.put(
        "messages",
        messages.stream()
            .<Map<String, Object>>map(m -> Map.of("role", m.role(), "content", m.content()))
            .toList());
    variables.put("add_generation_prompt", addGenerationPrompt);
    return renderer.render(variables);
  }

  /**
   * The user's turn for an instruction with material: the tutorials' own line for it, or a blank
   * line where the model has a template.
   */
  public ChatMessage instruction(String instruction, String input) {
    if (input == null || input.isBlank()) {
      return ChatMessage.user(instruction);
    }
    return ChatMessage.user(instruction + (tutorial ? "\n输入: " : "\n\n") + input);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > 4L * MAX_CHARACTERS) {
        throw new CorruptArtifactException(
            file,
            "chat template of %d bytes; at most %d are read"
                .formatted(Files.size(file), MAX_CHARACTERS));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new CorruptArtifactException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /** A single template, or the one named {@code default} of several. */
  private static Optional<String> embedded(JsonNode config) {
    JsonNode node = config.path("chat_template");
    if (node.isArray()) {
      for (JsonNode named : node) {
        if (named.path("name").asString("").equals("default")) {
          return Optional.of(named.path("template").asString(""));
        }
      }
      throw new ConfigException(
          "tokenizer_config.json: chat_template is a list without the name 'default'; add one");
    }
    return node.isString() ? Optional.of(node.stringValue()) : Optional.empty();
  }

  private static Map<String, String> specialTokens(Optional<JsonNode> config) {
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("bos_token", "eos_token", "pad_token", "unk_token")) {
      JsonNode node = config.map(json -> json.path(name)).orElse(null);
      String text = node == null ? "" : EndOfSequence.text(node).orElse("");
      tokens.put(name, text);
    }
    return tokens;
  }
}
