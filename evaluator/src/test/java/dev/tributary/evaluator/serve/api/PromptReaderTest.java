package dev.tributary.evaluator.serve.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.platform.http.HttpException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PromptReaderTest {

  @TempDir static Path directory;
  private static Tokenizer tokenizer;
  private static ChatPromptReader chat;
  private static RawPromptReader raw;

  @BeforeAll
  static void loadTheTinyModel() {
    TinyModel.write(directory, 1);
    tokenizer = Tokenizer.load(directory);
    chat = new ChatPromptReader(new ExampleEncoder(tokenizer, ChatTemplate.load(directory), 64));
    raw = new RawPromptReader(tokenizer);
  }

  @Test
  void readsMessagesInAllTheirForms() {
    List<Prompt> prompts =
        chat.read(
            parameters(
                """
                {"messages":[
                  {"role":"developer","content":"Be brief."},
                  {"role":"user","name":"ann","content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo"}]},
                  {"role":"assistant","content":"Hi","refusal":null,"tool_calls":null}]}\
                """));

    assertEquals(
        List.of(
            ChatMessage.system("Be brief."),
            ChatMessage.user("Hello"),
            ChatMessage.assistant("Hi")),
        prompts.getFirst().messages());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{{7*7}}", "<|im_start|>", "<|end|>", "{% for x in y %}", "<|assistant|>"})
  void leavesWhatAUserTypesAsText(String typed) {
    int[] plain = tokenizer.encode(typed);
    assertFalse(Arrays.stream(plain).anyMatch(tokenizer::isSpecial));

    Prompt prompt =
        chat.read(
                parameters(
                    JsonMapper.shared()
                        .writeValueAsString(
                            java.util.Map.of(
                                "messages",
                                List.of(java.util.Map.of("role", "user", "content", typed))))))
            .getFirst();

    int user = tokenizer.specialId(TinyModel.USER).orElseThrow();
    int end = tokenizer.specialId(TinyModel.END).orElseThrow();
    int assistant = tokenizer.specialId(TinyModel.ASSISTANT).orElseThrow();
    int[] expected = new int[plain.length + 3];
    expected[0] = user;
    System.arraycopy(plain, 0, expected, 1, plain.length);
    expected[plain.length + 1] = end;
    expected[plain.length + 2] = assistant;
    assertArrayEquals(expected, prompt.tokens());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|/messages",
        "{'messages':'hello'}|/messages",
        "{'messages':[]}|/messages",
        "{'messages':[7]}|/messages/0",
        "{'messages':[{'content':'x'}]}|/messages/0/role",
        "{'messages':[{'role':'root','content':'x'}]}|/messages/0/role",
        "{'messages':[{'role':'user'}]}|/messages/0/content",
        "{'messages':[{'role':'user','content':7}]}|/messages/0/content",
        "{'messages':[{'role':'user','content':[{'type':'image_url','image_url':{}}]}]}|/messages/0/content/0/type",
        "{'messages':[{'role':'user','content':[{'type':'text'}]}]}|/messages/0/content/0/text",
        "{'messages':[{'role':'assistant','content':'x','tool_calls':[{}]}]}|/messages/0/tool_calls",
        "{'messages':[{'role':'user','content':'x','contents':'y'}]}|/messages/0/contents",
        "{'messages':[{'role':'user','content':'x'}],'tools':[{}]}|/tools",
        "{'messages':[{'role':'user','content':'x'}],'response_format':{'type':'json_object'}}|/response_format",
        "{'messages':[{'role':'user','content':'x'}],'top_logprobs':5}|/top_logprobs",
      })
  void refusesMessagesItCannotUse(String json, String pointer) {
    assertRefused(pointer, () -> chat.read(parameters(json.replace('\'', '"'))));
  }

  @Test
  void acceptsOptionsThatAskForPlainText() {
    chat.read(
        parameters(
            """
            {"messages":[{"role":"user","content":"x"}],"response_format":{"type":"text"},
             "modalities":["text"],"tools":[],"tool_choice":"auto","top_logprobs":0}\
            """));
  }

  @Test
  void readsRawPromptsInAllTheirForms() {
    int[] ids = tokenizer.encode("the shop");

    assertArrayEquals(ids, raw.read(parameters("{\"prompt\":\"the shop\"}")).getFirst().tokens());
    Prompt fromIds = raw.read(parameters("{\"prompt\":" + Arrays.toString(ids) + "}")).getFirst();
    assertArrayEquals(ids, fromIds.tokens());
    assertEquals("the shop", fromIds.text().orElseThrow());
    assertEquals(2, raw.read(parameters("{\"prompt\":[\"a\",\"b\"]}")).size());
    assertEquals(2, raw.read(parameters("{\"prompt\":[[65],[66,67]]}")).size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|/prompt",
        "{'prompt':''}|/prompt",
        "{'prompt':7}|/prompt",
        "{'prompt':[]}|/prompt",
        "{'prompt':['a','']}|/prompt/1",
        "{'prompt':[[]]}|/prompt/0",
        "{'prompt':['1','2','3','4','5','6','7','8','9']}|/prompt",
        "{'prompt':[65,-1]}|/prompt/1",
        "{'prompt':[65,1000000]}|/prompt/1",
        "{'prompt':[65,'a']}|/prompt/1",
        "{'prompt':'a','echo':true}|/echo",
        "{'prompt':'a','suffix':'b'}|/suffix",
        "{'prompt':'a','best_of':2}|/best_of",
      })
  void refusesRawPromptsItCannotUse(String json, String pointer) {
    assertRefused(pointer, () -> raw.read(parameters(json.replace('\'', '"'))));
  }

  private static void assertRefused(String pointer, Runnable reading) {
    HttpException refusal = assertThrows(HttpException.class, reading::run);
    assertEquals(400, refusal.status());
    assertEquals(pointer, refusal.errors().getFirst().pointer());
  }

  private static Parameters parameters(String json) {
    return Parameters.of(JsonMapper.shared().readTree(json));
  }
}
