package dev.tributary.engine.recall;

import dev.tributary.engine.data.ExampleEncoder;
import dev.tributary.engine.format.JsonFile;
import dev.tributary.engine.model.BaseModel;
import dev.tributary.engine.recall.OwnAnswers.Beginning;
import dev.tributary.engine.tokenizer.ChatTemplate;
import dev.tributary.engine.tokenizer.Tokenizer;
import dev.tributary.foundation.error.CorruptArtifactException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a base model was found to know, kept in a file: asking takes most of a minute, and a process
 * that starts again would ask the same. Another model, number or seed is asked anew, and so is one
 * whose file is damaged.
 */
public final class KeptAnswers {

  private static final Logger LOG = LoggerFactory.getLogger(KeptAnswers.class);

  private final Path file;

  /**
   * @param directory that exists, used by one process
   */
  public KeptAnswers(Path directory) {
    this.file = directory.resolve("own-answers.json");
  }

  /**
   * The pairs in the file, or else those of {@link OwnAnswers#ask}, which are written to it.
   *
   * @throws java.io.UncheckedIOException if they cannot be written
   */
  public List<OwnAnswer> ask(BaseModel base, int drawn, int count, Beginning beginning, long seed) {
    ObjectNode about =
        JsonFile.object()
            .put("base_model_hash", base.fingerprint())
            .put("drawn", drawn)
            .put("count", count)
            .put("beginning", beginning.name())
            .put("seed", Long.toString(seed)); // as text: a number read is of the smallest type
    return read(about, base)
        .orElseGet(
            () -> {
              List<OwnAnswer> answers = OwnAnswers.ask(base, drawn, count, beginning, seed);
              write(about, answers);
              return answers;
            });
  }

  private Optional<List<OwnAnswer>> read(ObjectNode about, BaseModel base) {
    try {
      Optional<ObjectNode> kept =
          JsonFile.read(file).filter(json -> about.equals(json.get("about")));
      if (kept.isEmpty()) {
        return Optional.empty();
      }
      ExampleEncoder encoder =
          new ExampleEncoder(
              Tokenizer.load(base.directory()),
              ChatTemplate.load(base.directory()),
              base.config().contextLength());
      List<OwnAnswer> answers = new ArrayList<>();
      for (JsonNode pair : kept.get().path("answers")) {
        answers.add(
            OwnAnswer.of(
                encoder, pair.path("question").asString(), pair.path("answer").asString()));
      }
      return Optional.of(List.copyOf(answers));
    } catch (CorruptArtifactException e) {
      LOG.warn("the base model is asked again what it knows: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private void write(ObjectNode about, List<OwnAnswer> answers) {
    ObjectNode json = JsonFile.object();
    json.set("about", about);
    ArrayNode pairs = json.putArray("answers");
    for (OwnAnswer own : answers) {
      pairs.addObject().put("question", own.question()).put("answer", own.answer());
    }
    JsonFile.write(file, json);
  }
}
