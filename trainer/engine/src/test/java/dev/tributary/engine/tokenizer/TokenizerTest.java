package dev.tributary.engine.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tributary.engine.data.ChatMessage;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.testing.Golden;
import dev.tributary.engine.testing.GoldenModel;
import dev.tributary.engine.testing.TinyModel;
import dev.tributary.foundation.error.ConfigException;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class TokenizerTest {

  @TempDir Path directory;

  private Tokenizer tiny() {
    return Tokenizer.load(TinyModel.write(directory.resolve("tiny"), 1));
  }

  @Test
  void encodesAndDecodesAsHuggingFace() {
    // given
    Tokenizer tokenizer = Tokenizer.load(Golden.path("bpe"));
    for (JsonNode expected : Golden.list("bpe/encodings.json")) {
      // when
      int[] ids = tokenizer.encode(expected.path("text").stringValue());
      // then
      assertArrayEquals(
          StreamSupport.stream(expected.path("ids").spliterator(), false)
              .mapToInt(JsonNode::intValue)
              .toArray(),
          ids);
      assertEquals(expected.path("decoded").stringValue(), tokenizer.decode(ids));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "llama3"})
  void beginsPromptsAsTransformersAndChatsOnlyOnce(String name) {
    // given
    Tokenizer tokenizer = Tokenizer.load(Golden.path(name));
    JsonNode expected = Golden.object(name + "/encodings.json");
    for (JsonNode text : expected.path("texts")) {
      // when, then
      int[] ids = GoldenModel.ints(text.path("ids"));
      String plain = text.path("text").stringValue();
      assertArrayEquals(ids, tokenizer.encodePrompt(plain), plain);
      assertArrayEquals(Arrays.copyOfRange(ids, 1, ids.length), tokenizer.encode(plain), plain);
    }
    int[] chat =
        new ExampleEncoder(tokenizer, ChatTemplate.load(Golden.path(name)), 64)
            .chatPrompt(List.of(ChatMessage.user(expected.path("message").stringValue())));
    assertArrayEquals(GoldenModel.ints(expected.path("chat")), chat);
  }

  @Test
  void beginsNoPromptOfATokenizerThatAddsNothing() {
    Tokenizer tokenizer = Tokenizer.load(Golden.path("bpe"));
    for (JsonNode expected : Golden.list("bpe/encodings.json")) {
      int[] ids = tokenizer.encodePrompt(expected.path("text").stringValue());
      assertArrayEquals(GoldenModel.ints(expected.path("ids")), ids);
    }
  }

  @Test
  void knowsItsSizeAndItsEnd() {
    Tokenizer tokenizer = tiny();
    assertEquals(300, tokenizer.vocabularySize());
    assertEquals(Optional.of(3), tokenizer.eosId());
    assertEquals(Optional.of(3), tokenizer.specialId(TinyModel.END));
    assertTrue(tokenizer.isSpecial(3));
    assertFalse(tokenizer.isSpecial(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<|end|>",
        "a<|end|>b",
        "<|<|end|>|>",
        "<|user|><|assistant|>",
        "\uFDD0<|end|>\uFDD0\uFDD0"
      })
  void keepsSpecialTokensInPlainTextAsText(String text) {
    // given
    Tokenizer tokenizer = tiny();
    // when
    int[] plain = tokenizer.encode(text);
    int[] guarded = tokenizer.encodeRendered(tokenizer.guard(text));
    // then
    assertArrayEquals(plain, guarded);
    assertTrue(Arrays.stream(plain).noneMatch(tokenizer::isSpecial));
    assertEquals(text, tokenizer.decode(guarded));
  }

  @Test
  void readsSpecialTokensWhereTheTemplateWroteThem() {
    // given
    Tokenizer tokenizer = tiny();
    String rendered = "<|user|>" + tokenizer.guard("say <|end|>") + "<|end|><|assistant|>";
    // when
    int[] ids = tokenizer.encodeRendered(rendered);
    // then
    assertEquals(0, ids[0]);
    assertEquals(3, ids[ids.length - 2]);
    assertEquals(1, ids[ids.length - 1]);
    assertEquals(3, Arrays.stream(ids).filter(tokenizer::isSpecial).count());
    assertEquals("say <|end|>", tokenizer.decode(ids));
  }

  @Test
  void neitherPadsNorTruncatesNorAddsWhateverTheFileSays() throws IOException {
    // given a file that would do all three
    Path model = TinyModel.write(directory.resolve("tiny"), 1);
    int[] expected = Tokenizer.load(model).encode("the shop and the card");
    Path file = model.resolve("tokenizer.json");
    String json = Files.readString(file);
    String changed =
        json.replace(
                "\"truncation\": null",
                "\"truncation\":"
                    + " {\"direction\":\"Right\",\"max_length\":2,\"strategy\":\"LongestFirst\",\"stride\":0}")
            .replace(
                "\"padding\": null",
                "\"padding\":"
                    + " {\"strategy\":{\"Fixed\":40},\"direction\":\"Right\",\"pad_to_multiple_of\":null,\"pad_id\":0,\"pad_type_id\":0,\"pad_token\":\"<|user|>\"}");
    assertTrue(!json.equals(changed));
    Files.writeString(file, changed);
    // when, then
    assertArrayEquals(expected, Tokenizer.load(model).encode("the shop and the card"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain words", "Grüße, 世界! 🙂🏽👨‍👩‍👧", "a🙂", "🙂", " \n\t ", ""})
  void streamsTextWithoutHalfCharacters(String text) {
    // given
    Tokenizer tokenizer = tiny();
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder streamed = new StringBuilder();
    // when
    for (int id : tokenizer.encode(text)) {
      String piece = decoder.accept(id);
      assertFalse(piece.contains("\uFFFD"), piece);
      assertTrue(piece.isEmpty() || !Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
      streamed.append(piece);
    }
    streamed.append(decoder.finish());
    // then
    assertEquals(text, streamed.toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void streamsAnyTokensToTheSameTextAsDecodingThemAtOnce(long seed) {
    // given what a random model may say: mostly broken UTF-8
    Tokenizer tokenizer = tiny();
    var random = new SplittableRandom(seed);
    int[] ids = IntStream.range(0, 300).map(i -> random.nextInt(300)).toArray();
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    // when
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.accept(id));
    }
    streamed.append(decoder.finish());
    // then the sound characters are the same; how many marks stand for broken ones may differ
    assertEquals(
        tokenizer.decode(ids).replace("\uFFFD", ""), streamed.toString().replace("\uFFFD", ""));
  }

  @Test
  void saysWhatIsMissing() {
    var error = assertThrows(ConfigException.class, () -> Tokenizer.load(directory));
    assertTrue(error.getMessage().contains("input_ids"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"model\":{\"vocab\":{}}}",
        "nonsense",
        "{\"model\":{\"type\":\"BPE\",\"vocab\":{\"a\":0},\"merges\":[\"a b\"]}}"
      })
  void refusesDamagedFiles(String json) throws IOException {
    Files.writeString(directory.resolve("tokenizer.json"), json);
    var error = assertThrows(CorruptArtifactException.class, () -> Tokenizer.load(directory));
    assertTrue(error.getMessage().contains("tokenizer.json"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a+)+$",
        "(a|aa)+b",
        "(?:x*)*",
        "((a)?)*",
        "(\\\\w+\\\\s?)+",
        "(a{1,9}){5}",
        "(.)\\\\1",
        "(a"
      })
  void refusesPatternsThatCouldHangNativeCode(String pattern) throws IOException {
    // given
    Path model = TinyModel.write(directory.resolve("tiny"), 1);
    Path file = model.resolve("tokenizer.json");
    String json = Files.readString(file);
    Files.writeString(
        file,
        json.replace(
            "\"normalizer\": null",
            "\"normalizer\": {\"type\":\"Replace\",\"pattern\":{\"Regex\":\""
                + pattern
                + "\"},\"content\":\"\"}"));
    // when
    var error = assertThrows(CorruptArtifactException.class, () -> Tokenizer.load(model));
    // then
    assertTrue(error.getMessage().contains("is refused"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r"
            + "\\n"
            + "]*|\\s*[\\r"
            + "\\n"
            + "]+|\\s+(?!\\S)|\\s+",
        "[^\\r"
            + "\\n"
            + "\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}|\\s+",
        "[+*(]+x",
        "a\\(b+\\)+",
        "(?:ab){3}",
        "\\d(?=(\\d{3})+\\b)",
      })
  void letsTheFieldsPatternsPass(String pattern) {
    assertEquals(Optional.empty(), PatternShape.complaint(pattern));
  }
}
