package dev.tributary.evaluator.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.evaluator.suite.Examples;
import dev.tributary.evaluator.suite.SlicePart;
import dev.tributary.evaluator.suite.SuiteRecord;
import dev.tributary.foundation.error.RetriableException;
import dev.tributary.schemas.ChatMessage;
import dev.tributary.schemas.Evidence;
import dev.tributary.schemas.SliceRole;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteScorerTest {

  @TempDir static Path directory;
  private static BaseModel base;

  @BeforeAll
  static void loadModel() {
    base = BaseModel.load(TinyModel.write(directory, 3), new ReferenceKernels());
  }

  @Test
  void lossesAreThoseOfTheEngineHoweverTheyAreBatched() {
    List<SuiteRecord> records = records(9);
    ExampleEncoder encoder =
        new ExampleEncoder(
            Tokenizer.load(base.directory()),
            ChatTemplate.load(base.directory()),
            base.config().contextLength());
    double[] expected = new double[records.size()];
    try (Scorer scorer = new Scorer(base, base.config().contextLength())) {
      for (int i = 0; i < expected.length; i++) {
        var example = records.get(i).example();
        var tokens = encoder.prompt(example.getPrompt(), example.getCompletion()).example();
        expected[i] = scorer.score(null, List.of(tokens)).getFirst().meanLoss();
      }
    }

    for (int batchTokens : List.of(1, 100, 4_096)) {
      SliceScores scores =
          score(new ScoringConfig(batchTokens, null, 0, null, null, 8, 100), records).getFirst();
      assertArrayEquals(expected, scores.base().losses(), 1e-5, "batches of " + batchTokens);
    }
  }

  @Test
  void theSameModelGetsTheSameScoresWithAndWithoutMemory() {
    List<SliceScores> remembered =
        score(new ScoringConfig(null, null, 2, null, null, 8, 1_000), records(5));
    List<SliceScores> forgotten =
        score(new ScoringConfig(null, null, 2, null, null, 8, 0), records(5));

    SliceScores one = remembered.getFirst();
    assertArrayEquals(one.base().losses(), one.candidate().losses());
    assertEquals(one.base().answers(), one.candidate().answers());
    assertEquals(2, one.candidate().answers().size());
    assertArrayEquals(one.candidate().losses(), forgotten.getFirst().candidate().losses(), 1e-6);
    assertEquals(one.candidate().answers(), forgotten.getFirst().candidate().answers());
  }

  @Test
  void chatRecordsAreScoredToo() {
    var chat =
        Examples.builder("chat", "returns", "14 days")
            .setPrompt(null)
            .setMessages(List.of(new ChatMessage("user", "How long?", null)))
            .build();

    SliceScores scores =
        score(ScoringConfig.defaults(), List.of(new SuiteRecord(chat, 0, 0))).getFirst();

    assertEquals(1, scores.records());
    assertTrue(scores.candidate().meanLoss() > 0);
    assertEquals(1, scores.candidate().answers().size());
  }

  @Test
  void aFreshPartWithoutRecordsIsKeptAndARetainedOneIsNot() {
    try (SuiteScorer scorer = SuiteScorer.create(base, ScoringConfig.defaults(), 0)) {
      List<SliceScores> scores =
          scorer.score(
              List.of(
                  new SlicePart("a", SliceRole.FRESH, Evidence.HELD_OUT, List.of()),
                  new SlicePart("b", SliceRole.RETAINED, Evidence.HELD_OUT, List.of())),
              ScoredModel.BASE,
              ScoredModel.BASE,
              Optional.empty());

      assertEquals(List.of("a"), scores.stream().map(SliceScores::slice).toList());
      assertEquals(0, scores.getFirst().records());
    }
  }

  @Test
  void stopsBetweenTwoBatchesWhenInterrupted() {
    Thread.currentThread().interrupt();
    try {
      assertThrows(RetriableException.class, () -> score(ScoringConfig.defaults(), records(2)));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt must stay set");
    }
  }

  private static List<SliceScores> score(ScoringConfig config, List<SuiteRecord> records) {
    try (SuiteScorer scorer = SuiteScorer.create(base, config, 0)) {
      return scorer.score(
          List.of(new SlicePart("returns", SliceRole.FRESH, Evidence.HELD_OUT, records)),
          ScoredModel.BASE,
          new ScoredModel("same", Optional.empty()),
          Optional.empty());
    }
  }

  private static List<SuiteRecord> records(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new SuiteRecord(
                    Examples.builder("e" + i, "returns", "answer".repeat(1 + i % 3)).build(), 0, i))
        .toList();
  }
}
