package dev.tributary.engine.recall;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.kernels.Kernels;
import dev.tributary.engine.kernels.nd4j.Nd4jKernels;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import dev.tributary.engine.score.Score;
import dev.tributary.engine.score.Scorer;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.engine.tokenizer.BpeTrainer;
import dev.tributary.engine.tokenizer.BpeVocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    List<OwnAnswer> answers = OwnAnswers.ask(base, 3 * COUNT, COUNT, Beginning.VARIED, 1);

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
    // and is sure of them
    try (Scorer scorer = new Scorer(base, 512)) {
      for (Score score : scorer.score(null, answers.stream().map(OwnAnswer::tokens).toList())) {
        assertTrue(score.margin() > 0, score::toString);
      }
    }
  }

  @Test
  void noAnswerComesTwiceBeforeEachCameOnce() {
    // given
    BaseModel base = BaseModel.load(Path.of("..", "..", "deploy", "demo"), kernels);

    // when more questions are asked than it has answers
    List<String> answers =
        OwnAnswers.ask(base, 96, 64, Beginning.VARIED, 1).stream().map(OwnAnswer::answer).toList();

    // then
    Map<String, Integer> asked = new HashMap<>();
    int round = 1;
    for (String answer : answers) {
      int times = asked.merge(answer, 1, Integer::sum);
      assertTrue(times >= round, answers::toString);
      round = times;
    }
    assertTrue(round > 1, answers::toString);
    assertTrue(asked.size() >= 16, asked::toString);
  }

  @Test
  void sameSeedSameAnswersAnotherSeedOthers() {
    BaseModel base = BaseModel.load(Path.of("..", "..", "deploy", "demo"), kernels);
    List<OwnAnswer> answers = OwnAnswers.ask(base, 3 * COUNT, COUNT, Beginning.VARIED, 1);
    assertEquals(answers, OwnAnswers.ask(base, 3 * COUNT, COUNT, Beginning.VARIED, 1));
    assertNotEquals(answers, OwnAnswers.ask(base, 3 * COUNT, COUNT, Beginning.VARIED, 2));
  }

  @Test
  void modelThatSpeaksNonsenseIsBoundedToo() {
    BaseModel base = BaseModel.load(TinyModel.write(directory, 7), kernels);
    assertTrue(OwnAnswers.ask(base, 2 * 3, 3, Beginning.VARIED, 1).size() <= 3);
  }

  @Test
  void modelWhoseTurnsHaveNoBeginningCannotBeAsked() throws IOException {
    TinyModel.write(directory, 7);
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{%- for message in messages %}{{- message['content'] + '<|end|>' }}{%- endfor %}");
    assertEquals(
        List.of(), OwnAnswers.ask(BaseModel.load(directory, kernels), 6, 3, Beginning.VARIED, 1));
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
    assertEquals(
        List.of(), OwnAnswers.ask(BaseModel.load(directory, kernels), 6, 3, Beginning.VARIED, 1));
  }
}
