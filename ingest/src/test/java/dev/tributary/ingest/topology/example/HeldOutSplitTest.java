package dev.tributary.ingest.topology.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.Origin;
import dev.tributary.schemas.TrainingExample;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutSplitTest {

  private static final int QUESTIONS = 5_000;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.05, 0.2, 0.5, 0.9})
  void holdsOutAboutItsShare(double share) {
    // when
    HeldOutSplit split = new HeldOutSplit(share);
    long heldOut =
        questions().filter(i -> split.isHeldOut(chat("acme/support", "question " + i))).count();

    // then: within four standard deviations
    double deviation = Math.sqrt(QUESTIONS * share * (1 - share));
    assertEquals(QUESTIONS * share, heldOut, 4 * deviation);
  }

  @Test
  void theSameQuestionIsOnTheSideOfItsOtherForms() {
    HeldOutSplit split = new HeldOutSplit(0.5);
    questions()
        .forEach(
            i -> {
              // given
              boolean side =
                  split.isHeldOut(chat("acme/support", "How long may I return item " + i + "?"));

              // then
              assertEquals(
                  side,
                  split.isHeldOut(chat("acme/support", " how  LONG may I return\nitem " + i)));
              assertEquals(side, split.isHeldOut(raw("How long may I return item " + i + "?!")));
              assertEquals(
                  side,
                  split.isHeldOut(
                      example(
                          "acme/support",
                          null,
                          new ChatMessage("system", "Be brief.", null),
                          new ChatMessage("user", "How long may I return item " + i + "?", null))));
            });
  }

  @Test
  void anotherAdapterSplitsAnotherWay() {
    HeldOutSplit split = new HeldOutSplit(0.5);
    boolean[] support = sides(split, "acme/support");
    boolean[] sales = sides(split, "acme/sales");
    assertFalse(Arrays.equals(support, sales));
  }

  @Test
  void aLargerShareKeepsWhatWasHeldOut() {
    questions()
        .mapToObj(i -> chat("acme/support", "question " + i))
        .filter(new HeldOutSplit(0.1)::isHeldOut)
        .forEach(example -> assertTrue(new HeldOutSplit(0.3).isHeldOut(example)));
  }

  @Test
  void questionsOfSymbolsAloneAreNotOneQuestion() {
    HeldOutSplit split = new HeldOutSplit(0.5);
    long heldOut =
        IntStream.rangeClosed(1, 40)
            .filter(n -> split.isHeldOut(chat("acme/support", "?".repeat(n))))
            .count();
    assertNotEquals(0, heldOut);
    assertNotEquals(40, heldOut);
  }

  @Test
  void neverMovesAQuestionBetweenReleases() {
    // The first twenty decisions of the release that defined them: changing one would train on what
    // was held out.
    HeldOutSplit split = new HeldOutSplit(0.2);
    StringBuilder sides = new StringBuilder();
    IntStream.range(0, 20)
        .forEach(
            i -> sides.append(split.isHeldOut(chat("acme/support", "Frage " + i)) ? 'h' : 't'));
    assertEquals("tththttthtthtthttttt", sides.toString());
  }

  private static IntStream questions() {
    return IntStream.range(0, QUESTIONS);
  }

  private static boolean[] sides(HeldOutSplit split, String adapter) {
    boolean[] sides = new boolean[QUESTIONS];
    questions().forEach(i -> sides[i] = split.isHeldOut(chat(adapter, "question " + i)));
    return sides;
  }

  private static TrainingExample chat(String adapter, String question) {
    return example(adapter, null, new ChatMessage("user", question, null));
  }

  private static TrainingExample raw(String prompt) {
    return example("acme/support", prompt);
  }

  private static TrainingExample example(String adapter, String prompt, ChatMessage... messages) {
    return TrainingExample.newBuilder()
        .setExampleId("id")
        .setAdapter(adapter)
        .setKind(ExampleKind.SUPERVISED)
        .setMessages(List.of(messages))
        .setPrompt(prompt)
        .setSource(FeedbackSource.USER)
        .setOrigin(new Origin("topic", "record", null, List.of()))
        .setEventTime(Instant.EPOCH)
        .setIngestTime(Instant.EPOCH)
        .build();
  }
}
