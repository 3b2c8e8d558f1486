package dev.tributary.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.ingest.metrics.IngestMetrics;
import dev.tributary.ingest.topology.example.Claim;
import dev.tributary.ingest.topology.example.InstructionMapper;
import dev.tributary.schemas.TrainingExample;
import dev.tributary.schemas.fact.Question;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {

  private static final double SHARE = 0.5;

  @TempDir Path directory;

  private int records;

  @Test
  void aSmallFaqIsTrainedOnWhole() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, 0.9)) {
      // when thirty facts are told in as many wordings as may be trained on at least
      for (int fact = 0; fact < 30; fact++) {
        for (int wording = 0; wording < SplitHeldOut.TEACHERS; wording++) {
          teach(topology, "Wording " + wording + " of " + fact, "Fact " + fact);
        }
      }

      // then
      assertEquals(30 * SplitHeldOut.TEACHERS, topology.examples().size());
      assertEquals(List.of(), topology.heldOut());
    }
  }

  @Test
  void ofManyWordingsTheShareIsKeptOutAndNeverMore() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, 0.05)) {
      // when
      int wordings = 400;
      for (int i = 0; i < wordings; i++) {
        teach(topology, "Wording " + i, "30 days.");
      }

      // then
      int heldOut = topology.heldOut().size();
      assertEquals(wordings, heldOut + topology.examples().size());
      assertTrue(heldOut >= 5 && heldOut <= 0.05 * wordings + 1, heldOut + " held out");
      assertEquals(
          heldOut,
          topology.count(
              "tributary.heldout.examples", "adapter", "acme.support", "kind", "supervised"));
    }
  }

  @Test
  void anAnswerIsKeptOutNoMoreThanItsShareHoweverItsHashesFall() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, SHARE)) {
      // given only wordings whose hash lies below the share, after enough teachers
      teachEnough(topology, "30 days.");

      // when
      for (int i = 0; i < 100; i++) {
        teach(topology, below("Wording " + i), "30 days.");
      }

      // then
      int heldOut = topology.heldOut().size();
      assertTrue(
          heldOut > 40 && heldOut <= SHARE * (100 + SplitHeldOut.TEACHERS) + 1, heldOut + "");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"30 days.", "45 days."})
  void aRepeatedQuestionStaysOnTheSideItFirstWentTo(String answer) {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, 0.3)) {
      // given
      teachEnough(topology, "30 days.");
      teachEnough(topology, "45 days.");
      for (int i = 0; i < 60; i++) {
        teach(topology, "Question " + i, "30 days.");
      }
      Set<String> trained = questions(topology.examples());
      trained.removeIf(question -> question.startsWith("teacher"));
      Set<String> heldOut = questions(topology.heldOut());
      assertFalse(heldOut.isEmpty());

      // when
      for (int i = 0; i < 60; i++) {
        teach(topology, "question  " + i + "!", answer);
      }

      // then
      assertEquals(trained, questions(topology.examples()));
      assertEquals(heldOut, questions(topology.heldOut()));
    }
  }

  @Test
  void aTrainedQuestionIsNotHeldOutLaterWhenOthersTeachItsAnswer() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, SHARE)) {
      // given
      teachEnough(topology, "30 days.");
      topology.examples();

      // when
      teachEnough(topology, "30 days.");

      // then
      assertEquals(SplitHeldOut.TEACHERS, topology.examples().size());
      assertEquals(List.of(), topology.heldOut());
    }
  }

  @ParameterizedTest
  @EnumSource(StateStores.class)
  void aHeldOutQuestionIsTrainedOnWhenItGetsAnAnswerFewOthersTeach(StateStores stores) {
    try (TopologyFixture topology = topology(stores, SHARE)) {
      // given
      teachEnough(topology, "30 days.");
      teach(topology, below("Kept out"), "30 days.");
      assertEquals(1, topology.heldOut().size());
      topology.examples();

      // when the policy changes, and then is told again by many
      teach(topology, below("Kept out"), "45 days.");
      assertEquals(1, topology.examples().size());
      teachEnough(topology, "45 days.");
      teach(topology, below("Kept out"), "45 days.");

      // then
      assertFalse(questions(topology.heldOut()).contains(Question.fold(below("Kept out"))));
    }
  }

  @Test
  void feedbackIsAlwaysTrainedOn() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, SHARE)) {
      // given
      teachEnough(topology, "30 days.");
      topology.examples();

      // when
      for (int i = 0; i < 20; i++) {
        topology.send(Records.interaction("r" + i));
        topology.send(Records.correction("c" + i, "r" + i, "30 days."));
        topology.send(Records.thumb("t" + i, "r" + i, 1));
      }

      // then
      assertEquals(40, topology.examples().size());
      assertEquals(List.of(), topology.heldOut());
    }
  }

  @Test
  void repeatingOneQuestionDoesNotMakeItManyTeachers() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, SHARE)) {
      // given
      for (int i = 0; i < 2 * SplitHeldOut.TEACHERS; i++) {
        teach(topology, "The same?", "30 days.");
      }

      // when
      teach(topology, below("Another"), "30 days.");

      // then
      assertEquals(List.of(), topology.heldOut());
    }
  }

  @Test
  void adaptersDoNotTeachForEachOther() {
    try (TopologyFixture topology = topology(StateStores.IN_MEMORY, SHARE)) {
      // given
      teachEnough(topology, "30 days.");

      // when
      for (int i = 0; i < SplitHeldOut.TEACHERS; i++) {
        topology.send(Records.instruction("other-" + i).setAdapter("acme/sales"));
      }

      // then
      assertEquals(List.of(), topology.heldOut());
    }
  }

  @Test
  void aShareOfZeroHoldsNothingOut() {
    try (TopologyFixture topology = TopologyFixture.trainingOnly(directory)) {
      for (int i = 0; i < 100; i++) {
        teach(topology, "Wording " + i, "30 days.");
      }
      assertEquals(List.of(), topology.heldOut());
    }
  }

  private TopologyFixture topology(StateStores stores, double share) {
    return new TopologyFixture(TopologyFixture.config(stores, share), directory);
  }

  /** As many distinct questions as must teach an answer before one is kept out. */
  private void teachEnough(TopologyFixture topology, String answer) {
    for (int i = 0; i < SplitHeldOut.TEACHERS; i++) {
      teach(topology, below("Teacher " + i + " of " + answer), answer);
    }
  }

  private void teach(TopologyFixture topology, String question, String answer) {
    topology.send(
        Records.instruction("record-" + records++).setInstruction(question).setOutput(answer));
  }

  /** A question that begins so and whose hash lies below the share. */
  private static String below(String beginning) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> beginning + " " + i)
        .filter(question -> claim(question).position() < SHARE)
        .findFirst()
        .orElseThrow();
  }

  private static Claim claim(String question) {
    return Claim.of(
        new InstructionMapper(new IngestMetrics(new SimpleMeterRegistry()))
            .apply(Records.instruction("any").setInstruction(question).build())
            .orElseThrow());
  }

  private static Set<String> questions(List<TrainingExample> examples) {
    return examples.stream().map(Question::of).collect(Collectors.toSet());
  }
}
