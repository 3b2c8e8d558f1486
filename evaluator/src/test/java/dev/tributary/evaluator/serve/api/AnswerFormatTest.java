package dev.tributary.evaluator.serve.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tributary.evaluator.serve.generate.FinishReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The exact bytes of answers, whole and in pieces, against OpenAI's shapes written out by hand. */
class AnswerFormatTest {

  private static final AnswerHead HEAD = new AnswerHead("id-1", 1_700_000_000L, "acme.support@v2");

  @Test
  void writesAWholeChatAnswer() {
    assertJson(
        """
        {"id":"id-1","object":"chat.completion","created":1700000000,"model":"acme.support@v2",
        "choices":[{"index":0,"message":{"role":"assistant","content":"Hi","refusal":null},
        "logprobs":null,"finish_reason":"stop"}],
        "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\
        """,
        new ChatFormat()
            .whole(HEAD, List.of(new Choice(0, "Hi", FinishReason.STOP, 2)), new Usage(3, 2)));
  }

  @Test
  void writesAWholeCompletion() {
    assertJson(
        """
        {"id":"id-1","object":"text_completion","created":1700000000,"model":"acme.support@v2",
        "choices":[{"index":0,"text":"Hi","logprobs":null,"finish_reason":"length"},
        {"index":1,"text":"Ho","logprobs":null,"finish_reason":"stop"}],
        "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}\
        """,
        new CompletionFormat()
            .whole(
                HEAD,
                List.of(
                    new Choice(0, "Hi", FinishReason.LENGTH, 2),
                    new Choice(1, "Ho", FinishReason.STOP, 2)),
                new Usage(3, 4)));
  }

  @Test
  void streamsAChatWithUsage() throws Exception {
    String head =
        "data: {\"id\":\"id-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
            + "\"model\":\"acme.support@v2\",\"choices\":[";

    assertEquals(
        head
            + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"usage\":null}\n\n"
            + head
            + "{\"index\":0,\"delta\":{\"content\":\"a\\n\\\"b\\\"\"},\"logprobs\":null,"
            + "\"finish_reason\":null}],\"usage\":null}\n\n"
            + head
            + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
            + head
            + "],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}\n\n"
            + "data: [DONE]\n\n",
        streamed(new ChatFormat(), true));
  }

  @Test
  void streamsACompletionWithoutUsage() throws Exception {
    String head =
        "data: {\"id\":\"id-1\",\"object\":\"text_completion\",\"created\":1700000000,"
            + "\"model\":\"acme.support@v2\",\"choices\":[";

    assertEquals(
        head
            + "{\"index\":0,\"text\":\"a\\n"
            + "\\\"b\\\"\",\"logprobs\":null,\"finish_reason\":null}]}\n\n"
            + head
            + "{\"index\":0,\"text\":\"\",\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"
            + "data: [DONE]\n\n",
        streamed(new CompletionFormat(), false));
  }

  @Test
  void streamsAnErrorInOpenAisShapeAndNoEnd() throws Exception {
    StringBuilder wire = new StringBuilder();
    EventStream events =
        new EventStream(
            bytes -> wire.append(new String(bytes, StandardCharsets.UTF_8)),
            new ChatFormat(),
            HEAD,
            false);

    events.failed("the server is stopping", "unavailable");

    assertEquals(
        "data: {\"error\":{\"message\":\"the server is stopping\",\"type\":\"server_error\","
            + "\"param\":null,\"code\":\"unavailable\"}}\n\n",
        wire.toString());
  }

  @Test
  void opensEachChoiceOfSeveralOnce() throws Exception {
    List<String> events = new ArrayList<>();
    EventStream stream =
        new EventStream(
            bytes -> events.add(new String(bytes, StandardCharsets.UTF_8)),
            new ChatFormat(),
            HEAD,
            false);

    stream.text(0, "a");
    stream.choiceDone(0, FinishReason.LENGTH);
    stream.choiceDone(1, FinishReason.STOP);
    stream.done(new Usage(1, 1));

    assertEquals(2, events.stream().filter(event -> event.contains("\"role\"")).count());
    assertEquals(6, events.size());
  }

  private static String streamed(AnswerFormat format, boolean includeUsage) throws Exception {
    StringBuilder wire = new StringBuilder();
    EventStream events =
        new EventStream(
            bytes -> wire.append(new String(bytes, StandardCharsets.UTF_8)),
            format,
            HEAD,
            includeUsage);
    events.text(0, "a\n\"b\"");
    events.choiceDone(0, FinishReason.STOP);
    events.done(new Usage(3, 2));
    return wire.toString();
  }

  private static void assertJson(String expected, Object body) {
    assertEquals(expected.replace("\n", ""), JsonMapper.shared().writeValueAsString(body));
  }
}
