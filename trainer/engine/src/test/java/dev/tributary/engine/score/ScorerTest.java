package dev.tributary.engine.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.generate.GenerationOptions;
import dev.tributary.engine.generate.Generator;
import dev.tributary.engine.kernels.reference.ReferenceKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.error.BadRecordException;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScorerTest {

  private final BaseModel model = SmallModel.create();

  @Test
  void anExampleScoresTheSameAloneAndInCompany() {
    List<TokenizedExample> examples = SmallModel.examples(4, 30);
    try (Scorer roomy = new Scorer(model, 500);
        Scorer tight = new Scorer(model, 24)) {
      List<Score> together = roomy.score(null, examples);

      assertEquals(30, together.size());
      for (int i = 0; i < 30; i++) {
        Score alone = tight.score(null, examples.subList(i, i + 1)).getFirst();
        assertEquals(examples.get(i).supervisedCount(), together.get(i).supervisedTokens());
        assertEquals(alone.supervisedTokens(), together.get(i).supervisedTokens());
        assertEquals(alone.lossSum(), together.get(i).lossSum(), 1e-4);
      }
    }
  }

  @Test
  void aFreshAdapterScoresAsTheBaseAndAnUnsupervisedExampleScoresNothing() {
    LoraAdapter fresh =
        LoraAdapter.fresh(model.config(), new LoraConfig(4, 8, 0.5, List.of("c_attn")), 1);
    List<TokenizedExample> examples =
        List.of(
            new TokenizedExample(new int[] {4, 5}, new int[] {4, -100}),
            TokenizedExample.text(new int[] {4, 5, 6}),
            TokenizedExample.text(new int[] {4}));
    try (Scorer scorer = new Scorer(model, 100)) {
      List<Score> base = scorer.score(null, examples);

      assertEquals(base, scorer.score(fresh, examples));
      assertEquals(new Score(0, 0, Double.POSITIVE_INFINITY), base.get(0));
      assertEquals(2, base.get(1).supervisedTokens());
      assertEquals(new Score(0, 0, Double.POSITIVE_INFINITY), base.get(2));
    }
  }

  @Test
  void marginIsPositiveExactlyWhereAGreedyAnswerIsTheWantedOne() {
    BaseModel reference = SmallModel.create(new ReferenceKernels());
    SplittableRandom random = new SplittableRandom(3);
    try (Generator generator = new Generator(reference, SmallModel.CONFIG.contextLength());
        Scorer scorer = new Scorer(reference, 100)) {
      for (int round = 0; round < 20; round++) {
        // given what the model answers, and the same with another token somewhere
        int[] prompt = random.ints(random.nextInt(1, 8), 0, 89).toArray();
        int[] answer =
            generator
                .generate(null, prompt, GenerationOptions.greedy(6, Set.of()), token -> true)
                .tokenArray();
        int[] other = answer.clone();
        int changed = random.nextInt(other.length);
        other[changed] = (other[changed] + 1 + random.nextInt(88)) % 89;

        // when
        List<Score> scores =
            scorer.score(
                null,
                List.of(
                    TokenizedExample.completion(prompt, answer),
                    TokenizedExample.completion(prompt, other)));

        // then
        assertTrue(scores.get(0).margin() > 0, scores::toString);
        assertTrue(scores.get(1).margin() < 0, scores::toString);
      }
    }
  }

  @Test
  void marginIsThatOfTheLeastSureToken() {
    TokenizedExample whole = TokenizedExample.text(new int[] {4, 5, 6, 7});
    try (Scorer scorer = new Scorer(model, 100)) {
      double margin = scorer.score(null, List.of(whole)).getFirst().margin();
      double least =
          IntStream.range(1, 4)
              .mapToDouble(
                  only -> {
                    int[] labels = {-100, -100, -100, -100};
                    labels[only] = whole.labels()[only];
                    TokenizedExample one = new TokenizedExample(whole.inputIds(), labels);
                    return scorer.score(null, List.of(one)).getFirst().margin();
                  })
              .min()
              .orElseThrow();
      assertEquals(least, margin, 1e-5);
    }
  }

  @Test
  void whatIsTooLongOrUnknownIsRefusedAndTheScorerGoesOn() {
    TokenizedExample good = TokenizedExample.text(new int[] {4, 5, 6});
    try (Scorer scorer = new Scorer(model, 10)) {
      assertEquals("too_long", refusal(scorer, good, TokenizedExample.text(new int[25])));
      assertEquals("unknown_token", refusal(scorer, good, TokenizedExample.text(new int[] {89})));
      assertEquals(1, scorer.score(null, List.of(good)).size());
    }
  }

  @Test
  void aSequenceOfMoreTokensThanPlannedIsPlannedFor() {
    List<TokenizedExample> examples = SmallModel.examples(4, 30);
    try (Scorer roomy = new Scorer(model, 500);
        Scorer small = new Scorer(model, 3)) {
      List<Score> scores = small.score(null, examples);

      assertEquals(1, small.replans());
      assertEquals(0, roomy.replans());
      List<Score> expected = roomy.score(null, examples);
      for (int i = 0; i < examples.size(); i++) {
        assertEquals(expected.get(i).lossSum(), scores.get(i).lossSum(), 1e-4);
      }
    }
  }

  private static String refusal(Scorer scorer, TokenizedExample... examples) {
    return assertThrows(BadRecordException.class, () -> scorer.score(null, List.of(examples)))
        .reason();
  }
}
