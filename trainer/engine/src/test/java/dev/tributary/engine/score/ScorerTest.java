package dev.tributary.engine.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.peft.lora.LoraAdapter;
import dev.tributary.engine.peft.lora.LoraConfig;
import dev.tributary.engine.testing.SmallModel;
import dev.tributary.foundation.error.BadRecordException;
import java.util.List;
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
