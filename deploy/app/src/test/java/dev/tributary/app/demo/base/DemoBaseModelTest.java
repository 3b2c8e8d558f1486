package dev.tributary.app.demo.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.model.ModelFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoBaseModelTest {

  private static final Path COMMITTED = Path.of("..", "demo");

  @TempDir Path directory;

  @Test
  void knowsTheShopUnderItsOldPolicy() {
    // given the committed model
    BaseModel model = BaseModel.load(COMMITTED, Nd4jKernels.create());
    try (BaseExam exam = new BaseExam(World.SHOP, model, COMMITTED)) {
      // when
      Map<String, BaseExam.Mark> marks = exam.take(2, 11);
      // then
      BaseExam.Mark all = marks.values().stream().reduce(BaseExam.Mark::plus).orElseThrow();
      assertTrue(all.knownShare() >= 0.95, marks.toString());
      assertTrue(all.unseenShare() >= 0.45, marks.toString());
      for (Probe probe : ShopStory.of(1).probes()) {
        assertEquals(probe.before(), exam.answer(probe.question()), probe.question());
      }
    }
  }

  @Test
  void isMadeByTheProgramItself() throws IOException {
    // given a recipe for a model of no use, quickly made
    BaseRecipe small = new BaseRecipe(ModelFamily.GPT2, 2, 256, 1, 200, 400, 16, 1, 2, 1e-3);
    Path one = directory.resolve("1");
    Path two = directory.resolve("2");
    // when
    for (Path out : new Path[] {one, two}) {
      new BaseBuilder(World.SHOP, small, Nd4jKernels.create()).build(out, step -> {});
    }
    // then it is complete, and the same each time
    assertEquals(256, BaseModel.load(one, Nd4jKernels.create()).config().contextLength());
    for (String file : new String[] {"model.safetensors", "tokenizer.json", "config.json"}) {
      assertEquals(-1, Files.mismatch(one.resolve(file), two.resolve(file)), file);
    }
  }

  @Test
  void isNoLargerThanItMayBe() throws IOException {
    assertTrue(Files.size(COMMITTED.resolve("model.safetensors")) <= 16 << 20);
  }
}
