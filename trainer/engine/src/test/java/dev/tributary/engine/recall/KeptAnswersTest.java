package dev.tributary.engine.recall;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptAnswersTest {

  private final BaseModel base =
      BaseModel.load(Path.of("..", "..", "deploy", "demo"), Nd4jKernels.create(2));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void file() {
    file = directory.resolve("own-answers.json");
  }

  @Test
  void askedOnceTheyAreTheSameEverAfter() {
    List<OwnAnswer> asked = ask(1);
    assertFalse(asked.isEmpty());
    List<OwnAnswer> kept = ask(1);
    assertEquals(asked.size(), kept.size());
    for (int i = 0; i < asked.size(); i++) {
      assertEquals(asked.get(i).question(), kept.get(i).question());
      assertEquals(asked.get(i).answer(), kept.get(i).answer());
      assertArrayEquals(asked.get(i).tokens().inputIds(), kept.get(i).tokens().inputIds());
      assertEquals(asked.get(i).tokens().supervisedCount(), kept.get(i).tokens().supervisedCount());
    }
  }

  @Test
  void theyAreReadAndNotAskedAgain() throws IOException {
    // given a file that says something else
    String answer = ask(1).getFirst().answer();
    Files.writeString(file, Files.readString(file).replace(answer, "Kept."));

    // when
    List<OwnAnswer> kept = ask(1);

    // then
    assertEquals("Kept.", kept.getFirst().answer());
  }

  @Test
  void anotherSeedIsAskedAnew() throws IOException {
    ask(1);
    String first = Files.readString(file);
    ask(2);
    assertNotEquals(first, Files.readString(file));
  }

  @Test
  void damagedFileIsAskedAnew() throws IOException {
    List<OwnAnswer> asked = ask(1);
    Files.writeString(file, Files.readString(file).substring(0, 100));
    assertEquals(asked.getFirst().answer(), ask(1).getFirst().answer());
    assertTrue(Files.size(file) > 100);
  }

  private List<OwnAnswer> ask(long seed) {
    return new KeptAnswers(directory).ask(base, 12, 4, Beginning.USUAL, seed);
  }
}
