package dev.tributary.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tributary.engine.testing.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class BpeTrainerTest {

  @TempDir Path directory;

  private static BpeVocabulary trained() throws IOException {
    try (Stream<String> lines = Files.lines(Golden.path("bpe/corpus.txt"))) {
      return new BpeTrainer(List.of("<|user|>", "<|end|>"), 420).train(lines);
    }
  }

  @Test
  void learnsTheSameVocabularyAsHuggingFace() throws IOException {
    // given
    JsonNode model = Golden.object("bpe/tokenizer.json").path("model");
    Map<String, Integer> theirs = new HashMap<>();
    model.path("vocab").properties().forEach(e -> theirs.put(e.getKey(), e.getValue().intValue()));
    // when
    BpeVocabulary ours = trained();
    // then
    Map<String, Integer> ids = new HashMap<>();
    for (int id = 0; id < ours.size(); id++) {
      ids.put(ours.tokens().get(id), id);
    }
    assertEquals(theirs, ids);
    assertEquals(
        StreamSupport.stream(model.path("merges").spliterator(), false)
            .map(pair -> pair.get(0).stringValue() + " " + pair.get(1).stringValue())
            .toList(),
        ours.merges());
  }

  @Test
  void writesAFileThatEncodesAsHuggingFacesOwn() throws IOException {
    // given
    trained().write(directory.resolve("tokenizer.json"));
    Tokenizer ours = Tokenizer.load(directory);
    Tokenizer theirs = Tokenizer.load(Golden.path("bpe"));
    // when, then
    for (JsonNode expected : Golden.list("bpe/encodings.json")) {
      String text = expected.path("text").stringValue();
      assertArrayEquals(theirs.encode(text), ours.encode(text));
      assertEquals(text, ours.decode(ours.encode(text)));
    }
  }

  @Test
  void givesTheSameBytesEachTime() throws IOException {
    Path one = directory.resolve("1.json");
    Path two = directory.resolve("2.json");
    trained().write(one);
    trained().write(two);
    assertEquals(-1, Files.mismatch(one, two));
  }

  @Test
  void stopsWhenNothingRepeats() {
    BpeVocabulary vocabulary = new BpeTrainer(List.of(), 300).train(Stream.of("abc"));
    assertEquals(256, vocabulary.size());
  }

  @Test
  void needsRoomForEveryByte() {
    assertThrows(IllegalArgumentException.class, () -> new BpeTrainer(List.of("<|end|>"), 256));
  }
}
