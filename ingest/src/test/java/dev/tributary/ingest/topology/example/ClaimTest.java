package dev.tributary.ingest.topology.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {

  private static final int QUESTIONS = 5_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 0.2, 0.5, 0.9})
  void positionsAreSpreadEvenly(double share) {
    // when
    long below =
        IntStream.range(0, QUESTIONS)
            .filter(i -> chat("acme/support", "question " + i, "a").position() < share)
            .count();

    // then: within four standard deviations
    double deviation = Math.sqrt(QUESTIONS * share * (1 - share));
    assertEquals(QUESTIONS * share, below, 4 * deviation);
  }

  @Test
  void neverMovesAQuestionBetweenReleases() {
    // The first twenty of the release that defined them: moving one could train on what was held
    // out.
    StringBuilder sides = new StringBuilder();
    IntStream.range(0, 20)
        .forEach(
            i ->
                sides.append(chat("acme/support", "Frage " + i, "a").position() < 0.2 ? 'h' : 't'));
    assertEquals("tththttthtthtthttttt", sides.toString());
  }

  @ParameterizedTest
  @CsvSource({"how LONG may I return it, '30  days.'", "' How long may I return it?!', 30 DAYS."})
  void foldsQuestionAndAnswer(String question, String answer) {
    Claim claim = chat("acme/support", "How long may I return it?", "30 days.");
    assertEquals(claim, chat("acme/support", question, answer));
    assertEquals(claim, Claim.of(example("acme/support", question, answer)));
  }

  @Test
  void anotherAdapterQuestionOrAnswerIsAnotherClaim() {
    Claim claim = chat("acme/support", "q", "a");
    assertNotEquals(claim.key(), chat("acme/support", "q", "b").key());
    assertEquals(claim.questionKey(), chat("acme/support", "q", "b").questionKey());
    assertNotEquals(claim.questionKey(), chat("acme/support", "p", "a").questionKey());
    assertEquals(claim.answerKey(), chat("acme/support", "p", "a").answerKey());
    assertNotEquals(claim.position(), chat("acme/sales", "q", "a").position());
  }

  @Test
  void questionsOfSymbolsAloneAreNotOneQuestion() {
    assertNotEquals(
        chat("acme/support", "?", "a").question(), chat("acme/support", "??", "a").question());
  }

  private static Claim chat(String adapter, String question, String answer) {
    return Claim.of(
        example(
            adapter,
            null,
            answer,
            new ChatMessage("system", "Be brief.", null),
            new ChatMessage("user", question, null)));
  }

  private static TrainingExample example(
      String adapter, String prompt, String answer, ChatMessage... messages) {
    return TrainingExample.newBuilder()
        .setExampleId("id")
        .setAdapter(adapter)
        .setKind(ExampleKind.SUPERVISED)
        .setMessages(List.of(messages))
        .setPrompt(prompt)
        .setCompletion(answer)
        .setSource(FeedbackSource.USER)
        .setOrigin(new Origin("topic", "record", null, List.of()))
        .setEventTime(Instant.EPOCH)
        .setIngestTime(Instant.EPOCH)
        .build();
  }
}
