package dev.tributary.app.tune;

import dev.tributary.engine.data.ClassLabels;
import dev.tributary.engine.data.ClassificationForms;
import dev.tributary.engine.data.Encoded;
import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.data.JsonlDataset;
import dev.tributary.engine.data.PairEncoder;
import dev.tributary.engine.data.RecordEncoding;
import dev.tributary.engine.data.RecordForms;
import dev.tributary.engine.data.TokenizedExample;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of a JSONL file as token sequences.
 *
 * @param examples in file order, each with a supervised token, or a class
 * @param truncated how many of them were cut to the longest length
 * @param unsupervised how many records were left out, because nothing of theirs has a label
 */
public record TuneData(List<TokenizedExample> examples, int truncated, int unsupervised) {

  /**
   * @param task its tokenizer is needed unless the records are {@code input_ids} already
   * @param maxLength longest sequence in tokens
   * @throws ConfigException if there is nothing to learn from
   */
  public static TuneData read(ModelTask task, Path file, int maxLength) {
    requireReadable(file);
    List<TokenizedExample> examples = new ArrayList<>();
    int truncated = 0;
    int unsupervised = 0;
    for (Encoded record : JsonlDataset.read(file, encoding(task, maxLength)).records()) {
      if (record.example().supervisedCount() == 0) {
        unsupervised++;
      } else {
        examples.add(record.example());
        truncated += record.truncated() ? 1 : 0;
      }
    }
    if (examples.isEmpty()) {
      throw new ConfigException(
          "%s: no record has a supervised token within %d tokens; check the labels, or raise --max-length"
              .formatted(file, maxLength));
    }
    return new TuneData(List.copyOf(examples), truncated, unsupervised);
  }

  /**
   * @throws ConfigException if there is no such file
   */
  public static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new ConfigException(file + ": there is no such file; check the path given");
    }
  }

  private static RecordEncoding encoding(ModelTask task, int maxLength) {
    return task.labels()
        .map(labels -> classification(task, labels, maxLength))
        .orElseGet(() -> language(task, maxLength));
  }

  private static RecordEncoding classification(ModelTask task, ClassLabels labels, int maxLength) {
    int vocabulary = task.config().vocabularySize();
    int types = task.config().tokenTypes();
    return Tokenizer.isIn(task.directory())
        ? ClassificationForms.all(
            new PairEncoder(Tokenizer.load(task.directory()), maxLength), labels, vocabulary, types)
        : ClassificationForms.tokensOnly(labels, vocabulary, types, maxLength);
  }

  private static RecordEncoding language(ModelTask task, int maxLength) {
    int vocabulary = task.config().vocabularySize();
    Path directory = task.directory();
    if (!Tokenizer.isIn(directory)) {
      return RecordForms.tokensOnly(vocabulary, maxLength);
    }
    ChatTemplate template = ChatTemplate.load(directory);
    ExampleEncoder encoder = new ExampleEncoder(Tokenizer.load(directory), template, maxLength);
    return RecordForms.all(encoder, template, vocabulary);
  }
}
