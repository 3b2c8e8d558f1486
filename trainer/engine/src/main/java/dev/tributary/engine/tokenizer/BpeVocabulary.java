package dev.tributary.engine.tokenizer;

import dev.tributary.engine.format.JsonFile;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A byte-level BPE vocabulary.
 *
 * @param specialTokens the first ids, in this order
 * @param tokens every token by id, special ones included
 * @param merges pairs in the order they were learnt, as {@code "left right"}
 */
public record BpeVocabulary(List<String> specialTokens, List<String> tokens, List<String> merges) {

  public BpeVocabulary {
    specialTokens = List.copyOf(specialTokens);
    tokens = List.copyOf(tokens);
    merges = List.copyOf(merges);
  }

  public int size() {
    return tokens.size();
  }

  /** The id of a special token. */
  public int id(String specialToken) {
    return specialTokens.indexOf(specialToken);
  }

  /** Writes a {@code tokenizer.json} as Hugging Face's tokenizers library reads it. */
  public void write(Path file) {
    ObjectNode json = JsonFile.object();
    json.put("version", "1.0");
    json.putNull("truncation");
    json.putNull("padding");
    var added = json.putArray("added_tokens");
    for (int id = 0; id < specialTokens.size(); id++) {
      added
          .addObject()
          .put("id", id)
          .put("content", specialTokens.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    json.putNull("normalizer");
    byteLevel(json.putObject("pre_tokenizer"));
    json.putNull("post_processor");
    byteLevel(json.putObject("decoder"));
    model(json.putObject("model"));
    JsonFile.write(file, json);
  }

  private static void byteLevel(ObjectNode json) {
    json.put("type", "ByteLevel");
    json.put("add_prefix_space", false);
    json.put("trim_offsets", true);
    json.put("use_regex", true);
  }

  private void model(ObjectNode json) {
    json.put("type", "BPE");
    json.putNull("dropout");
    json.putNull("unk_token");
    json.putNull("continuing_subword_prefix");
    json.putNull("end_of_word_suffix");
    json.put("fuse_unk", false);
    json.put("byte_fallback", false);
    json.put("ignore_merges", false);
    ObjectNode vocabulary = json.putObject("vocab");
    for (int id = 0; id < tokens.size(); id++) {
      vocabulary.put(tokens.get(id), id);
    }
    var list = json.putArray("merges");
    merges.forEach(list::add);
  }
}
