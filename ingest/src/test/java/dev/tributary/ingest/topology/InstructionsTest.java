package dev.tributary.ingest.topology;

import static dev.tributary.ingest.topology.Records.instruction;
import static dev.tributary.ingest.topology.Records.message;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.ExampleKind;
import dev.tributary.schemas.FeedbackSource;
import dev.tributary.schemas.InstructionRecord;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.Trust;
import dev.tributary.schemas.topics.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InstructionsTest {

  @TempDir Path directory;

  private TopologyFixture topology;

  @BeforeEach
  void start() {
    topology = TopologyFixture.trainingOnly(directory);
  }

  @AfterEach
  void stop() {
    topology.close();
  }

  @Test
  void aSingleTurnBecomesAChatOfOneUserTurn() {
    // when
    topology.send(
        instruction("i1")
            .setInstruction("Translate.")
            .setInput("Guten Tag")
            .setOutput("Good day")
            .setSlice("greetings")
            .setAuthorId("a1")
            .setSubjectId("s1")
            .setMetadata(Map.of("k", "v")));

    // then
    TrainingExample example = onlyExample();
    assertEquals(List.of(message("user", "Translate.\n\nGuten Tag")), example.getMessages());
    assertEquals("Good day", example.getCompletion());
    assertEquals(ExampleKind.SUPERVISED, example.getKind());
    assertEquals("greetings", example.getSlice());
    assertEquals("a1", example.getAuthorId());
    assertEquals("s1", example.getSubjectId());
    assertEquals(Map.of("k", "v"), example.getMetadata());
    assertEquals(Topics.INSTRUCTIONS.name(), example.getOrigin().getTopic());
    assertEquals("i1", example.getOrigin().getRecordId());
    assertEquals(
        1, topology.count("tributary.examples", "adapter", "acme.support", "kind", "supervised"));
  }

  @Test
  void theLastAssistantTurnOfAChatIsTheTarget() {
    // when
    topology.send(
        chat(message("system", "Be brief."), message("user", "Hi"), message("assistant", "Hello")));

    // then
    TrainingExample example = onlyExample();
    assertEquals(
        List.of(message("system", "Be brief."), message("user", "Hi")), example.getMessages());
    assertEquals("Hello", example.getCompletion());
    assertEquals("default", example.getSlice());
  }

  @Test
  void aTargetExcludedFromTheLossGivesNoExampleAndIsCounted() {
    // when
    topology.send(chat(message("user", "Hi"), new ChatMessage("assistant", "Hello", 0.0)));

    // then
    assertEquals(List.of(), topology.examples());
    assertEquals(
        1,
        topology.count("tributary.ingest.records", "kind", "instruction", "outcome", "no_example"));
  }

  @ParameterizedTest
  @EnumSource(FeedbackSource.class)
  void factKeysAreHonouredFromStaffAndPrograms(FeedbackSource source) {
    // given the same from a program, so that nobody's record has to wait
    topology.send(instruction("i0").setInstruction("How long can I return i1?"));
    onlyExample();

    // when
    topology.send(instruction("i1").setFactKey("returns.days").setSource(source));

    // then
    boolean honoured = source != FeedbackSource.USER && source != FeedbackSource.JUDGE;
    TrainingExample example = onlyExample();
    assertEquals(source, example.getSource());
    assertEquals(honoured ? "returns.days" : null, example.getFactKey());
    assertEquals(honoured ? Trust.TRUSTED : Trust.CORROBORATED, example.getTrust());
    assertEquals(
        honoured ? 0 : 1, topology.count("tributary.fact.keys.ignored", "kind", "instruction"));
  }

  @Test
  void theSameRecordSentAgainGivesOneExample() {
    // when
    topology.send(instruction("i1"));
    topology.send(instruction("i1").setIngestTime(Records.TIME.plusSeconds(5)));

    // then
    onlyExample();
    assertEquals(
        1,
        topology.count("tributary.ingest.records", "kind", "instruction", "outcome", "duplicate"));
  }

  @Test
  void anotherTextUnderAKnownIdIsADeadLetter() {
    // when
    topology.send(instruction("i1"));
    topology.send(instruction("i1").setOutput("another"));

    // then
    onlyExample();
    assertEquals(
        "record_id_conflict",
        TopologyFixture.header(topology.deadLetters().getFirst(), "tributary.reason"));
  }

  @Test
  void theSameIdUnderAnotherAdapterIsAnotherRecord() {
    // when
    topology.send(instruction("i1"));
    topology.send(instruction("i1").setAdapter("acme/sales"));

    // then
    List<TrainingExample> examples = topology.examples();
    assertEquals(
        List.of("acme/support", "acme/sales"),
        examples.stream().map(TrainingExample::getAdapter).toList());
    assertNotEquals(examples.get(0).getExampleId(), examples.get(1).getExampleId());
  }

  @Test
  void theExampleIdIsTheSameAfterTheIdIsForgotten() {
    // given
    topology.send(instruction("i1"));
    TrainingExample first = onlyExample();

    // when it is sent again after the retention
    topology.setClock(Duration.ofHours(50));
    topology.send(instruction("i2"));
    topology.send(instruction("i1"));

    // then
    assertEquals(first.getExampleId(), topology.examples().getLast().getExampleId());
    assertEquals(64, first.getExampleId().length());
    assertNull(first.getOrigin().getRequestId());
  }

  private static InstructionRecord.Builder chat(ChatMessage... messages) {
    return instruction("i1").setInstruction(null).setOutput(null).setMessages(List.of(messages));
  }

  private TrainingExample onlyExample() {
    List<TrainingExample> examples = topology.examples();
    assertEquals(1, examples.size(), examples.toString());
    return examples.getFirst();
  }
}
