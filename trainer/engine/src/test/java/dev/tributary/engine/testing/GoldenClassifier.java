package dev.tributary.engine.testing;

import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What transformers and scikit-learn say about classifiers; {@code make.py} says how. */
public final class GoldenClassifier {

  private static final Path FILES = Path.of("src", "test", "golden", "classifier");

  private GoldenClassifier() {}

  public static Path path(String name) {
    return FILES.resolve(name);
  }

  public static JsonNode list(String name) {
    return JsonMapper.shared().readTree(path(name).toFile());
  }
}
