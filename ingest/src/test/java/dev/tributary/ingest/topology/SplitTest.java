package dev.tributary.ingest.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.TrainingExample;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SplitTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(StateStores.class)
  void aQuestionIsEitherTrainedOnOrHeldOutWhateverItArrivesAs(StateStores stores) {
    try (TopologyFixture topology =
        new TopologyFixture(TopologyFixture.config(stores, 0.3), directory)) {
      // given each question as an instruction, as a correction and as a thumb
      for (int i = 0; i < 50; i++) {
        String question = "Question of r" + i;
        topology.send(Records.instruction("i" + i).setInstruction(question));
        topology.send(Records.interaction("r" + i));
        topology.send(Records.correction("c" + i, "r" + i, "Right"));
        topology.send(Records.thumb("t" + i, "r" + i, 1));
      }

      // then
      List<TrainingExample> trained = topology.examples();
      List<TrainingExample> heldOut = topology.heldOut();
      assertEquals(150, trained.size() + heldOut.size());
      Set<String> both = new HashSet<>(questions(trained));
      both.retainAll(questions(heldOut));
      assertEquals(Set.of(), both);
      assertFalse(trained.isEmpty());
      assertTrue(heldOut.size() % 3 == 0 && !heldOut.isEmpty(), heldOut.size() + " held out");
      assertEquals(
          heldOut.size() / 3,
          topology.count(
              "tributary.heldout.examples", "adapter", "acme.support", "kind", "binary"));
    }
  }

  @Test
  void aShareOfZeroHoldsNothingOut() {
    try (TopologyFixture topology = TopologyFixture.trainingOnly(directory)) {
      topology.send(Records.instruction("i1"));
      assertEquals(1, topology.examples().size());
      assertEquals(List.of(), topology.heldOut());
    }
  }

  private static Set<String> questions(List<TrainingExample> examples) {
    return examples.stream()
        .flatMap(example -> example.getMessages().stream())
        .map(ChatMessage::getContent)
        .collect(Collectors.toSet());
  }
}
