package dev.tributary.app.demo.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorldTest {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(World.class)
  void everyFactCanBeTaughtAndAskedFor(World world) {
    // given
    Questions questions = new Questions(world.book());
    var random = new SplittableRandom(1);

    for (Fact fact : world.book().facts()) {
      // when
      Set<String> taught = new HashSet<>();
      Stream.generate(() -> questions.forTraining(fact, random)).limit(40).forEach(taught::add);

      // then
      assertTrue(taught.size() > 10, fact.key());
      assertEquals(12, questions.reserved(fact, 12, random).size(), fact.key());
    }
  }

  @ParameterizedTest
  @EnumSource(World.class)
  void talksWithoutAnOpenSlot(World world) {
    for (Corpus.Text text : new Corpus(world).texts(3_000, 2)) {
      assertTrue(!text.words().contains("{"), text.words());
    }
  }

  @Test
  void noWorldKnowsWhatAnotherKnows() {
    for (Function<Fact, String> part : List.<Function<Fact, String>>of(Fact::key, Fact::answer)) {
      List<String> all =
          Stream.of(World.values())
              .flatMap(world -> world.book().facts().stream())
              .map(part)
              .toList();
      assertEquals(all.size(), all.stream().collect(Collectors.toSet()).size());
    }
  }

  @Test
  void theHutsModelIsALlamaThatLoads() throws IOException {
    // given a recipe for a model of no use, quickly made
    BaseRecipe small = new BaseRecipe(ModelFamily.LLAMA, 2, 256, 1, 200, 400, 32, 1, 2, 1e-3);

    // when
    new BaseBuilder(World.HUT, small, Nd4jKernels.create()).build(directory, step -> {});

    // then
    BaseModel model = BaseModel.load(directory, Nd4jKernels.create());
    assertEquals(ModelFamily.LLAMA, model.config().family());
    assertEquals(small.model(model.config().vocabularySize()), model.config());
    try (BaseExam exam = new BaseExam(World.HUT, model, directory)) {
      String question = "Who guides parties up the summit?";
      assertEquals(exam.answer(question), exam.answer(question));
    }
  }
}
