package dev.tributary.engine.tokenizer;

import dev.tributary.engine.format.JsonFile;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code tokenizer.json} of a BERT directory that has only {@code vocab.txt}, one token a line:
 * what transformers' {@code BertTokenizerFast} makes of the same files.
 */
final class WordPieceVocabulary {

  static final String FILE_NAME = "vocab.txt";

  private static final List<String> SPECIAL = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");

  private WordPieceVocabulary() {}

  /**
   * Empty if there is no vocabulary file.
   *
   * @throws CorruptArtifactException if a token that BERT cannot do without is missing
   */
  static Optional<ObjectNode> read(Path modelDirectory) {
    Path file = modelDirectory.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Map<String, Integer> ids = new LinkedHashMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        ids.put(line.strip(), ids.size());
      }
    } catch (IOException e) {
      throw new CorruptArtifactException(file, "cannot be read: " + e.getMessage(), e);
    }
    for (String token : List.of("[UNK]", "[CLS]", "[SEP]")) {
      if (!ids.containsKey(token)) {
        throw new CorruptArtifactException(
            file, "has no line %s; it is not the vocabulary of a BERT".formatted(token));
      }
    }
    return Optional.of(json(ids, lowerCases(modelDirectory)));
  }

  private static boolean lowerCases(Path modelDirectory) {
    return JsonFile.read(modelDirectory.resolve("tokenizer_config.json"))
        .map(json -> json.path("do_lower_case").asBoolean(true))
        .orElse(true);
  }

  private static ObjectNode json(Map<String, Integer> ids, boolean lowerCase) {
    ObjectNode json = JsonFile.object();
    ArrayNode added = json.putArray("added_tokens");
    SPECIAL.stream()
        .filter(ids::containsKey)
        .forEach(
            token ->
                added
                    .addObject()
                    .put("id", ids.get(token))
                    .put("content", token)
                    .put("special", true));
    json.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .put("lowercase", lowerCase)
        .putNull("strip_accents");
    json.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode processor = json.putObject("post_processor").put("type", "BertProcessing");
    processor.putArray("sep").add("[SEP]").add(ids.get("[SEP]"));
    processor.putArray("cls").add("[CLS]").add(ids.get("[CLS]"));
    json.putObject("decoder").put("type", "WordPiece").put("prefix", "##").put("cleanup", true);
    ObjectNode model = json.putObject("model").put("type", "WordPiece");
    model.put("unk_token", "[UNK]");
    model.put("continuing_subword_prefix", "##");
    model.put("max_input_chars_per_word", 100);
    ObjectNode vocabulary = model.putObject("vocab");
    ids.forEach(vocabulary::put);
    return json;
  }
}
