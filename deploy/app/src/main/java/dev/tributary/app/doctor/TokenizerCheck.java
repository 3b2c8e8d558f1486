package dev.tributary.app.doctor;

import dev.tributary.engine.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Loads the native tokenizer library by encoding with a vocabulary of two letters. */
public final class TokenizerCheck implements Check {

  private static final String TINY =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null, "pre_tokenizer": null,
       "post_processor": null, "decoder": null,
       "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
      """;

  @Override
  public List<Finding> run() {
    try {
      int tokens = encodeTiny();
      return List.of(
          tokens == 2
              ? Finding.ok("tokenizers", "the native library loads and encodes")
              : Finding.broken(
                  "tokenizers", "the native library encodes 'ab' to " + tokens + " tokens"));
    } catch (LinkageError | RuntimeException | IOException e) {
      return List.of(
          Finding.broken("tokenizers", "the native library does not load (%s)".formatted(e)));
    }
  }

  private static int encodeTiny() throws IOException {
    Path directory = Files.createTempDirectory("tributary-doctor");
    Path file = directory.resolve("tokenizer.json");
    try {
      Files.writeString(file, TINY);
      return Tokenizer.load(directory).encode("ab").length;
    } finally {
      Files.deleteIfExists(file);
      Files.delete(directory);
    }
  }
}
