package dev.tributary.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.testing.Golden;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ChatTemplateTest {

  @TempDir Path directory;

  @Test
  void rendersAsJinjaDoes() throws IOException {
    // given
    JsonNode golden = Golden.object("templates/rendered.json");
    List<ChatMessage> messages = new ArrayList<>();
    golden
        .path("messages")
        .forEach(
            m ->
                messages.add(
                    new ChatMessage(
                        m.path("role").stringValue(), m.path("content").stringValue())));
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"bos_token\":\"<s>\",\"eos_token\":{\"content\":\"</s>\"}}");
    for (JsonNode expected : golden.path("cases")) {
      template(expected.path("template").stringValue());
      // when
      String text =
          ChatTemplate.load(directory).render(messages, expected.path("prompt").booleanValue());
      // then
      assertEquals(
          expected.path("rendered").stringValue(), text, expected.path("name").stringValue());
    }
  }

  @Test
  void rendersTheTutorialTemplateWhereTheModelHasNone() throws IOException {
    Files.writeString(directory.resolve("tokenizer_config.json"), "{\"eos_token\":\"</s>\"}");
    ChatTemplate template = ChatTemplate.load(directory);
    assertEquals(
        "指令: Translate\n输入: cat\n输出: ",
        template.render(List.of(template.instruction("Translate", "cat")), true));
    assertEquals(
        "Be brief.\n指令: Hi\n输出: Hello</s>\n",
        template.render(
            List.of(
                ChatMessage.system("Be brief."),
                template.instruction("Hi", null),
                ChatMessage.assistant("Hello")),
            false));
  }

  @Test
  void takesTheTemplateNamedDefaultOfSeveral() throws IOException {
    Files.writeString(
        directory.resolve("tokenizer_config.json"),
        "{\"chat_template\":[{\"name\":\"rag\",\"template\":\"no\"},{\"name\":\"default\",\"template\":\"yes\"}]}");
    assertEquals("yes", ChatTemplate.load(directory).render(List.of(ChatMessage.user("x")), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(999) %}{% for b in range(999) %}{% for c in range(999) %}{% endfor %}{%"
            + " endfor %}{% endfor %}",
        "{% for a in range(999) %}{% for b in range(999) %}x{% endfor %}{% endfor %}",
        "{% set ns = namespace(s='ab') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{%"
            + " endfor %}{{ ns.s }}",
        "{% for a in range(900) %}{{ 'x'|center(100000) }}{% endfor %}",
        "{% include 'secret.txt' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{{ nosuchfunction(1) }}",
        "{{ messages | nosuchfilter }}",
        "{% if messages is nosuchtest %}x{% endif %}",
        "{% nosuchtag %}",
        "{% for m in messages %}",
        "{{ messages[0].content ",
        "{{ ''.getClass().forName('java.lang.Runtime') }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "{{ raise_exception('only the assistant may speak') }}",
      })
  void refusesTemplatesThatFailTheirTrial(String source) throws IOException {
    // given
    template(source);
    // when
    var error =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> assertThrows(CorruptArtifactException.class, () -> ChatTemplate.load(directory)));
    // then
    assertTrue(
        error.getMessage().contains("chat_template.jinja: the chat template fails its trial"),
        error.getMessage());
  }

  @Test
  void tellsWhatTheTemplateRaised() throws IOException {
    template("{% if messages|length > 5 %}{{ raise_exception('too many turns') }}{% endif %}ok");
    ChatTemplate template = ChatTemplate.load(directory);
    List<ChatMessage> many = List.copyOf(Collections.nCopies(6, ChatMessage.user("x")));
    var error = assertThrows(BadRecordException.class, () -> template.render(many, true));
    assertEquals("template_error", error.reason());
    assertTrue(error.getMessage().contains("too many turns"), error.getMessage());
  }

  @Test
  void refusesTemplatesThatAreTooLarge() throws IOException {
    template("x".repeat((1 << 20) + 1));
    assertThrows(CorruptArtifactException.class, () -> ChatTemplate.load(directory));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{7*7}}",
        "{% for x in y %}",
        "{# gone #}",
        "{% raw %}",
        "<b>&amp;</b>",
        "\\n \\\" '"
      })
  void neverReadsTextAsTemplate(String text) throws IOException {
    template(TinyModel.CHAT_TEMPLATE);
    assertEquals(
        "<|user|>" + text + "<|end|><|assistant|>",
        ChatTemplate.load(directory).render(List.of(ChatMessage.user(text)), true));
  }

  @Test
  void rendersAConversationOfAThousandTurns() throws IOException {
    template(TinyModel.CHAT_TEMPLATE);
    List<ChatMessage> messages = Collections.nCopies(1_000, ChatMessage.user("x"));
    assertEquals(
        1_000 * "<|user|>x<|end|>".length(),
        ChatTemplate.load(directory).render(messages, false).length());
  }

  private void template(String source) throws IOException {
    Files.writeString(directory.resolve("chat_template.jinja"), source);
  }
}
