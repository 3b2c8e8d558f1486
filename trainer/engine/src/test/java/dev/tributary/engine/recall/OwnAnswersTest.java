package dev.tributary.engine.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.BpeTrainer;
import dev.tributary.engine.tokenizer.BpeVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnAnswersTest {

  private static final int COUNT = 8;

  private final Kernels kernels = Nd4jKernels.create(2);

  @TempDir Path directory;

  @Test
  void demosBaseTellsWhatItKnows() {
    // given
    BaseModel base = BaseModel.load(Path.of("..", "..", "deploy", "demo"), kernels);

    // when
    List<OwnAnswer> answers = OwnAnswers.ask(base, 2 * COUNT, COUNT, 1);

    // then
    assertFalse(answers.isEmpty());
    assertTrue(answers.size() <= COUNT);
    assertEquals(
        answers.size(), new HashSet<>(answers.stream().map(OwnAnswer::question).toList()).size());
    for (OwnAnswer own : answers) {
      assertFalse(own.question().isBlank());
      assertFalse(own.answer().isBlank());
      assertFalse(own.question().contains("<|"), own::question);
      assertTrue(own.tokens().supervisedCount() > 0);
      assertTrue(own.tokens().length() <= base.config().contextLength());
    }
    // and answers them so, the surest first
    try (Scorer scorer = new Scorer(base, 512)) {
      List<Score> scores = scorer.score(null, answers.stream().map(OwnAnswer::tokens).toList());
      for (int i = 0; i < scores.size(); i++) {
        assertTrue(scores.get(i).margin() > 0, answers.get(i)::toString);
        assertTrue(i == 0 || scores.get(i - 1).meanLoss() <= scores.get(i).meanLoss() + 1e-4);
      }
    }
  }

  @Test
  void sameSeedSameAnswersAnotherSeedOthers() {
    BaseModel base = BaseModel.load(Path.of("..", "..", "deploy", "demo"), kernels);
    List<OwnAnswer> answers = OwnAnswers.ask(base, 2 * COUNT, COUNT, 1);
    assertEquals(answers, OwnAnswers.ask(base, 2 * COUNT, COUNT, 1));
    assertNotEquals(answers, OwnAnswers.ask(base, 2 * COUNT, COUNT, 2));
  }

  @Test
  void modelThatSpeaksNonsenseIsBoundedToo() {
    BaseModel base = BaseModel.load(TinyModel.write(directory, 7), kernels);
    assertTrue(OwnAnswers.ask(base, 2 * 3, 3, 1).size() <= 3);
  }

  @Test
  void modelWhoseTurnsHaveNoBeginningCannotBeAsked() throws IOException {
    TinyModel.write(directory, 7);
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{%- for message in messages %}{{- message['content'] + '<|end|>' }}{%- endfor %}");
    assertEquals(List.of(), OwnAnswers.ask(BaseModel.load(directory, kernels), 6, 3, 1));
  }

  @Test
  void modelWhoseTurnsHaveNoEndCannotBeAsked() throws IOException {
    // given a tokenizer without special tokens
    BpeVocabulary vocabulary =
        new BpeTrainer(List.of(), 280).train(Stream.of("the card the order the shop the item"));
    TinyModel.write(directory, 7);
    vocabulary.write(directory.resolve("tokenizer.json"));
    Files.writeString(directory.resolve("tokenizer_config.json"), "{}");
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{%- for message in messages %}{{- 'Q: ' + message['content'] }}{%- endfor %}");

    // then
    assertEquals(List.of(), OwnAnswers.ask(BaseModel.load(directory, kernels), 6, 3, 1));
  }
}
