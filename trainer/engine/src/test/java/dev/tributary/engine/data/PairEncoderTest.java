package dev.tributary.engine.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.testing.GoldenClassifier;
import dev.tributary.engine.testing.GoldenModel;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.BadRecordException;
import dev.tributary.foundation.error.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PairEncoderTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"tokenizer.json", "vocab.txt"})
  void encodesAndCutsAsTransformersDoes(String vocabulary) throws IOException {
    // given
    Tokenizer tokenizer = tokenizer(vocabulary);
    JsonNode cases = GoldenClassifier.list("encoded.json");
    assertTrue(cases.size() > 100);
    for (JsonNode golden : cases) {
      PairEncoder encoder = new PairEncoder(tokenizer, golden.get("max_length").intValue());
      String text = golden.get("text").stringValue();
      JsonNode pair = golden.get("text_pair");

      // when
      Encoded encoded =
          pair.isNull() ? encoder.single(text, 3) : encoder.pair(text, pair.stringValue(), 3);

      // then
      String which = golden.toString();
      TokenizedExample example = encoded.example();
      assertArrayEquals(GoldenModel.ints(golden.get("input_ids")), example.inputIds(), which);
      assertArrayEquals(
          GoldenModel.ints(golden.get("token_type_ids")), example.tokenTypes(), which);
      assertEquals(golden.get("truncated").booleanValue(), encoded.truncated(), which);
      assertEquals(3, example.classLabel());
      assertEquals(1, example.supervisedCount());
    }
  }

  @Test
  void theSpellingOfASpecialTokenStaysText() throws IOException {
    Tokenizer tokenizer = tokenizer("tokenizer.json");
    int separator = tokenizer.specialId("[SEP]").orElseThrow();

    int[] ids = new PairEncoder(tokenizer, 64).single("my [SEP] card", 0).example().inputIds();

    for (int i = 0; i < ids.length - 1; i++) {
      assertTrue(ids[i] != separator, "place " + i);
    }
  }

  @Test
  void blankTextsAndTooLittleRoomAreRefused() throws IOException {
    Tokenizer tokenizer = tokenizer("vocab.txt");
    PairEncoder encoder = new PairEncoder(tokenizer, 12);

    assertEquals(
        "empty_text",
        assertThrows(BadRecordException.class, () -> encoder.single(" ", 0)).reason());
    assertTrue(
        assertThrows(BadRecordException.class, () -> encoder.pair("my card", "", 0))
            .getMessage()
            .startsWith("text_pair"));
    assertTrue(
        assertThrows(ConfigException.class, () -> new PairEncoder(tokenizer, 4))
            .getMessage()
            .contains("at least 5"));
  }

  private Tokenizer tokenizer(String file) throws IOException {
    Files.copy(GoldenClassifier.path(file), directory.resolve(file));
    return Tokenizer.load(directory);
  }
}
