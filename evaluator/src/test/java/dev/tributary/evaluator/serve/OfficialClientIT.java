package dev.tributary.evaluator.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.RequestOptions;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionChoice;
import com.openai.models.completions.CompletionCreateParams;
import com.openai.models.models.Model;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.AdapterId;
import dev.tributary.platform.kafka.BrokerOptions;
import dev.tributary.platform.kafka.EmbeddedBroker;
import dev.tributary.platform.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenAI's own Java client, unchanged but for its base URL. It checks every answer against OpenAI's
 * schema.
 */
@Timeout(120)
class OfficialClientIT {

  private static final AdapterId ADAPTER = new AdapterId("shop", "support");
  private static final String ALIAS = ADAPTER.dotted();

  @TempDir static Path directory;
  private static EmbeddedBroker broker;
  private static ServeService service;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(BrokerOptions.in(directory.resolve("broker")));
    BaseModel base =
        BaseModel.load(TinyModel.write(directory.resolve("tiny"), 3), new ReferenceKernels());
    service =
        ServeService.start(
            Configs.serving(ADAPTER),
            KafkaSettings.of(broker.bootstrapServers()),
            base,
            Clock.systemUTC());
    service.awaitReady(Duration.ofSeconds(30));
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + service.port() + "/v1")
            .apiKey("none")
            .maxRetries(0)
            .responseValidation(true)
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    broker.close();
  }

  @Test
  void chats() {
    ChatCompletion answer = client.chat().completions().create(question().build());

    assertEquals("tiny", answer.model());
    assertFalse(answer.choices().getFirst().message().content().orElseThrow().isEmpty());
    assertEquals(
        ChatCompletion.Choice.FinishReason.LENGTH, answer.choices().getFirst().finishReason());
    assertEquals(8, answer.usage().orElseThrow().completionTokens());
  }

  @Test
  void streamsAChatThatAddsUpToTheWholeOne() {
    ChatCompletion whole = client.chat().completions().create(question().build());
    ChatCompletionAccumulator accumulator = ChatCompletionAccumulator.create();

    try (StreamResponse<ChatCompletionChunk> stream =
        client
            .chat()
            .completions()
            .createStreaming(
                question()
                    .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
                    .build())) {
      stream.stream().forEach(accumulator::accumulate);
    }

    ChatCompletion streamed = accumulator.chatCompletion();
    assertEquals(
        whole.choices().getFirst().message().content(),
        streamed.choices().getFirst().message().content());
    assertEquals(
        whole.usage().orElseThrow().totalTokens(), streamed.usage().orElseThrow().totalTokens());
  }

  @Test
  void completesAndStreamsCompletions() {
    CompletionCreateParams params =
        CompletionCreateParams.builder()
            .model(ALIAS)
            .prompt("the shop")
            .maxTokens(6)
            .temperature(0)
            .build();

    Completion whole = client.completions().create(params);
    String streamed;
    // Like OpenAI's own service, we send finish_reason null before the end; the client's schema
    // alone forbids it.
    RequestOptions unchecked = RequestOptions.builder().responseValidation(false).build();
    try (StreamResponse<Completion> stream =
        client.completions().createStreaming(params, unchecked)) {
      streamed =
          stream.stream()
              .flatMap(piece -> piece.choices().stream())
              .map(CompletionChoice::text)
              .collect(Collectors.joining());
    }

    assertEquals(whole.choices().getFirst().text(), streamed);
    assertEquals(6, whole.usage().orElseThrow().completionTokens());
  }

  @Test
  void listsModels() {
    List<String> ids = client.models().list().data().stream().map(Model::id).toList();

    assertEquals(List.of("tiny", ALIAS), ids);
    assertEquals(ALIAS, client.models().retrieve(ALIAS).id());
  }

  @Test
  void raisesItsOwnErrors() {
    BadRequestException bad =
        assertThrows(
            BadRequestException.class,
            () -> client.chat().completions().create(question().n(9).build()));
    assertEquals("n", bad.param().orElseThrow());
    assertTrue(bad.code().isPresent());

    NotFoundException missing =
        assertThrows(
            NotFoundException.class,
            () -> client.chat().completions().create(question().model("gpt-4o").build()));
    assertEquals("model_not_found", missing.code().orElseThrow());

    BadRequestException tooLong =
        assertThrows(
            BadRequestException.class,
            () ->
                client
                    .chat()
                    .completions()
                    .create(question().addUserMessage("shop ".repeat(100)).build()));
    assertEquals("context_length_exceeded", tooLong.code().orElseThrow());
  }

  private static ChatCompletionCreateParams.Builder question() {
    return ChatCompletionCreateParams.builder()
        .model(ALIAS)
        .addUserMessage("Where is the shop?")
        .maxCompletionTokens(8)
        .temperature(0);
  }
}
